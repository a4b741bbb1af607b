/** Keeps small things in this browser; if it forbids that, only until the page goes. */

const memory = new Map();
const store = opened();

function opened() {
  try {
    window.localStorage.getItem("");
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Keep something; return whether it outlives the page. */
export function keep(name, value) {
  try {
    store.setItem(name, value);
    memory.delete(name);
    return true;
  } catch {
    memory.set(name, value);
    return false;
  }
}

export function kept(name) {
  return memory.get(name) ?? store?.getItem(name) ?? null;
}

export function forget(name) {
  memory.delete(name);
  store?.removeItem(name);
}

/** Return pairs of name and value, for JSON kept under names with this beginning. */
export function keptUnder(beginning) {
  const names = new Set([...memory.keys(), ...Object.keys(store ?? {})]);
  const own = [...names].filter((name) => name.startsWith(beginning)).sort();
  return own.map((name) => [name, read(kept(name))]).filter(([, value]) => value);
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
