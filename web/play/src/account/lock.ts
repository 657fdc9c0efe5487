// One tab at a time. Browsers have a lock for that, but only for pages that came by HTTPS (or from this machine); elsewhere a
// lease in the storage does.

export interface LeaseStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const LEASE_MS = 10_000;
/** Longer than two tabs need to see each other's writes. */
const SETTLE_MS = 60;

/** Holds a lease, named by the key, during the work. A holder that died loses it after ten seconds. */
export async function underLease<T>(
  storage: LeaseStorage, key: string, work: () => Promise<T>,
  now: () => number = Date.now, wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<T> {
  const me = Math.random().toString(36).slice(2);
  const holder = (): string => {
    const [id, until] = (storage.getItem(key) ?? "").split(" ");
    return id && Number(until) > now() ? id : "";
  };
  do {
    while (holder() !== "") await wait(SETTLE_MS);
    storage.setItem(key, `${me} ${now() + LEASE_MS}`);
    await wait(SETTLE_MS);  // of two that found it free at once, the later writer has it
  } while (holder() !== me);
  try {
    return await work();
  } finally {
    if (holder() === me) storage.removeItem(key);
  }
}

export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return (await navigator.locks.request(name, work)) as T;
  let storage: Storage;
  try {
    storage = window.localStorage;
  } catch {
    return work();  // no storage: nothing is shared with other tabs
  }
  return underLease(storage, name, work);
}
