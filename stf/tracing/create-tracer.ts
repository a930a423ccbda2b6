import type { TraceOf, Tracer } from '../../core/index.ts'
import { CallTracer } from './call-tracer.ts'
import { FlatCallTracer } from './flat-call-tracer.ts'
import { FourByteTracer } from './four-byte-tracer.ts'
import { MuxTracer } from './mux-tracer.ts'
import { PrestateTracer } from './prestate-tracer.ts'
import { StructLogger } from './struct-logger.ts'
import type { TracerContext, TransactionTracer } from './tracer.ts'

/** A tracer for one transaction. */
export function createTracer(tracer: Tracer, context: TracerContext): TransactionTracer {
  const { budget } = context
  switch (tracer.name) {
    case 'structLogger':
      return new StructLogger(tracer, budget)
    case 'callTracer':
      return new CallTracer(tracer, budget)
    case 'flatCallTracer':
      return new FlatCallTracer(tracer, context)
    case 'prestateTracer':
      return new PrestateTracer(tracer, budget)
    case '4byteTracer':
      return new FourByteTracer(budget)
    case 'noopTracer':
      return new MuxTracer(new Map())
    case 'muxTracer':
      return new MuxTracer(new Map(tracer.tracers.map((part) => [part.name, createTracer(part, context)])))
  }
}

/** What a tracer made of this description tells. */
export function resultOf<T extends Tracer>(_description: T, tracer: TransactionTracer): TraceOf<T> {
  // The compiler cannot follow from the description's name to the class above.
  return tracer.result() as TraceOf<T>
}
