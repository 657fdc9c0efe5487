// The admin API and the caller's login. The tokens live in this tab only (sessionStorage) and travel in the Authorization
// header only.

export class Problem extends Error {
  /** status 0: no answer at all. */
  constructor(readonly status: number, readonly code: string, detail: string, readonly retryAfter = 0) {
    super(detail);
  }
}

export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Tokens {
  token: string;
  refreshToken: string;
  /** ms since 1970 */
  until: number;
}

const KEY = "trespasser.admin";
const PATIENCE_MS = 15_000;
/** Renewed when less than this is left, ms. */
const AHEAD_MS = 60_000;

let tokens: Tokens | null = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Tokens | null;
let renewing: Promise<void> | null = null;
/** Called when the login is over, or has to show the second factor again. */
export const onSignedOut = { call: (_why: string): void => undefined };

function keep(next: { token: string; refreshToken: string; expiresIn: number } | null): void {
  tokens = next && { token: next.token, refreshToken: next.refreshToken, until: Date.now() + next.expiresIn * 1000 };
  if (tokens) sessionStorage.setItem(KEY, JSON.stringify(tokens));
  else sessionStorage.removeItem(KEY);
}

export function signedIn(): boolean {
  return tokens !== null;
}

async function ask(method: string, path: string, body: object | undefined, token: string | undefined): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(path, {
      method, signal: patience.signal, cache: "no-store", credentials: "omit",
      headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new Problem(0, "silence", "The server does not answer.");
  } finally {
    clearTimeout(timer);
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  let told: { code?: string; detail?: string } = {};
  try {
    told = (await answer.json()) as typeof told;
  } catch {
    // A proxy's page, not ours.
  }
  return new Problem(answer.status, told.code ?? "", told.detail ?? `The server refused (${answer.status}).`, Number(answer.headers.get("Retry-After") ?? 0));
}

export async function login(email: string, password: string): Promise<void> {
  const answer = await ask("POST", "/api/auth/login", { email, password }, undefined);
  if (!answer.ok) throw await problemOf(answer);
  keep((await answer.json()) as { token: string; refreshToken: string; expiresIn: number });
}

export async function logout(): Promise<void> {
  const token = tokens?.token;
  keep(null);
  if (token) await ask("POST", "/api/auth/logout", undefined, token).catch(() => undefined);
}

async function renew(): Promise<void> {
  const answer = await ask("POST", "/api/auth/refresh", { refreshToken: tokens?.refreshToken }, undefined);
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (problem.status === 401 || problem.status === 403) keep(null);
    throw problem;
  }
  keep((await answer.json()) as { token: string; refreshToken: string; expiresIn: number });
}

async function fresh(): Promise<string> {
  if (!tokens) throw new Problem(401, "unauthorized", "Signed out.");
  if (tokens.until - Date.now() < AHEAD_MS) await (renewing ??= renew().finally(() => (renewing = null)));
  return tokens.token;
}

async function answered(method: string, path: string, body?: object): Promise<Response> {
  const answer = await ask(method, `/api/admin/${path}`, body, await fresh());
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  if (problem.status === 401) {
    keep(null);
    onSignedOut.call(problem.message);
  } else if (problem.code === "second_factor") {
    onSignedOut.call("");
  }
  throw problem;
}

export async function get<T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "").map(([key, value]) => [key, String(value)]);
  const text = new URLSearchParams(given).toString();
  return (await (await answered("GET", text ? `${path}?${text}` : path)).json()) as T;
}

export async function post<T = void>(path: string, body?: object): Promise<T> {
  const answer = await answered("POST", path, body);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export async function remove(path: string): Promise<void> {
  await answered("DELETE", path);
}

export async function bytes(path: string): Promise<Blob> {
  return (await answered("GET", path)).blob();
}
