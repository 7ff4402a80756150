/**
 * An endpoint as people write it, and an absolute path below it: `http://[::1]:11434/ollama/?key=1` and `/api/tags` make
 * `http://[::1]:11434/ollama/api/tags?key=1`. A query stays, since a proxy may want it; a fragment is never sent.
 * @throws TypeError where the endpoint is no URL
 */
export function joinUrl(endpoint: string, path: `/${string}`): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  url.hash = '';
  return url.href;
}
