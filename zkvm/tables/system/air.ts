import { defineTable } from '../../air/table.ts'
import { bytePairBus, halfBus, memoryBus, publicBus, space, systemBus } from '../buses.ts'
import { highPart } from '../limbs.ts'
import { publicKind } from '../public-values.ts'

export const systemNumbers = { commit: 1, hintRequest: 2, hintRead: 3, log: 64 } as const

export const committedWords = 8

/**
 * System calls other than the halt and the chips'. `log` and `hint_request` do nothing; `hint_read` gives any 32-bit number; `commit` takes
 * eight rows, one for each word that becomes public, all at the same time: they are at different addresses.
 */
export const systemTable = defineTable('system', (b) => {
  const isCommit = b.main('isCommit')
  const isFirstWord = b.main('isFirstWord')
  const isLog = b.main('isLog')
  const isRequest = b.main('isRequest')
  const isRead = b.main('isRead')
  const argument = b.main('argument')
  const result = b.main('result')
  const timestamp = b.main('timestamp')
  for (const [name, flag] of Object.entries({ isCommit, isFirstWord, isLog, isRequest, isRead })) b.bool(`SYS-${name}`, flag)
  b.bool('SYS-ONE', b.sum([isCommit, isLog, isRequest, isRead]))
  b.zero('SYS-FIRST-COMMIT', isFirstWord.mul(isCommit.not()))

  const isCall = b.sum([isFirstWord, isLog, isRequest, isRead])
  const number = b.sum([
    isFirstWord.mul(systemNumbers.commit),
    isRequest.mul(systemNumbers.hintRequest),
    isRead.mul(systemNumbers.hintRead),
    isLog.mul(systemNumbers.log),
  ])
  b.receive('SYS-CALL', systemBus, [number, argument, result, timestamp], isCall)
  b.when(isCall.sub(isRead)).equal('SYS-KEEPS', result, argument)
  const resultLow = b.main('resultLow')
  b.send('SYS-RESULT-LOW', halfBus, [resultLow], isRead)
  b.send('SYS-RESULT-HIGH', halfBus, [highPart(result, resultLow)], isRead)

  // The words of a commit: positions 0 to 7 in consecutive rows, with the first row's pointer and time.
  const position = b.main('position')
  const word = b.main('word')
  const previous = b.main('previous')
  const since = b.main('since')
  const isLastWord = b.main('isLastWord')
  b.bool('SYS-LAST-BOOL', isLastWord)
  b.zero('SYS-LAST-COMMIT', isLastWord.mul(isCommit.not()))
  b.when(isFirstWord).zero('SYS-POSITION-FIRST', position)
  b.when(isLastWord).equal('SYS-POSITION-LAST', position, committedWords - 1)
  const continues = isCommit.sub(isLastWord)
  b.when(b.isLast).zero('SYS-COMMIT-WHOLE', continues)
  b.when(b.isTransition).zero('SYS-COMMIT-NEXT', continues.mul(isCommit.next().sub(isFirstWord.next()).not()))
  b.when(b.isTransition).zero('SYS-COMMIT-BEGINS', isCommit.next().sub(isFirstWord.next()).mul(continues.not()))
  b.when(b.isFirst).zero('SYS-COMMIT-FIRST-ROW', isCommit.sub(isFirstWord))
  const follows = isCommit.next().sub(isFirstWord.next())
  for (const [tag, column, step] of [
    ['POSITION', position, 1],
    ['ARGUMENT', argument, 0],
    ['TIME', timestamp, 0],
  ] as const) {
    b.when(b.isTransition).zero(`SYS-COMMIT-${tag}`, follows.mul(column.next().sub(column).sub(step)))
  }
  const at = argument.add(position.mul(4))
  const time = timestamp.add(2)
  b.receive('SYS-WORD-BEFORE', memoryBus, [space.ram, at, word, previous], isCommit)
  b.send('SYS-WORD-AFTER', memoryBus, [space.ram, at, word, time], isCommit)
  b.send('SYS-SINCE-LOW', halfBus, [since], isCommit)
  b.send('SYS-SINCE-HIGH', bytePairBus, [highPart(time.sub(previous).sub(1), since), 0], isCommit)
  b.send('SYS-OUTPUT', publicBus, [publicKind.output, position, word], isCommit)
})
