import { isIP } from 'node:net'

/**
 * Whether a request with this Host header may be answered. A web page can make its own domain name resolve to 127.0.0.1 (DNS rebinding)
 * and so read from a node that the browser takes for the page's own server; the Host header then still carries the page's name.
 * An address written as numbers cannot be rebound.
 */
export function isAllowedHost(hostHeader: string | undefined, allowedHosts: readonly string[]): boolean {
  if (allowedHosts.includes('*')) return true
  if (hostHeader === undefined) return false
  const name = hostName(hostHeader)
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || allowedHosts.includes(name)
}

function hostName(hostHeader: string): string {
  const host = hostHeader.trim().toLowerCase()
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'))
  const colon = host.lastIndexOf(':')
  return colon === -1 ? host : host.slice(0, colon)
}
