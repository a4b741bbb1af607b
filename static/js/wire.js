/** Requests to our own server: each ends in time, and carries the token that is valid now. */

const HEADERS = { "X-Requested-With": "fetch" };

/** The token of the present sign-in, which may be newer than the page. */
export function csrfToken() {
  const [, token] = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) ?? [];
  return token ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

export function formOf(fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", csrfToken());
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
}

export const post = (url, fields, limits) => request(url, { method: "POST", body: formOf(fields) }, limits);

export const get = (url, limits) => request(url, {}, limits);

async function request(url, options, { within = 60000, over = new AbortController() } = {}) {
  const timer = setTimeout(() => over.abort(), within);
  try {
    return await fetch(url, { ...options, headers: HEADERS, signal: over.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Send something while the page goes away. */
export function postAndLeave(url, fields) {
  const body = formOf(fields);
  if (navigator.sendBeacon?.(url, body)) return;
  fetch(url, { method: "POST", body, keepalive: true }).catch(() => {});
}

export const isSignedOut = ({ redirected, status }) => redirected || status === 401 || status === 403;

/** Whether the same request may well succeed a little later. */
export const isPassing = ({ status }) => status >= 500 || status === 429;
