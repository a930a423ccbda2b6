import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colours for a terminal; plain text for a pipe or with NO_COLOR (https://no-color.org). */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream })
}
