// Signing in, making an account, and the way back in when the password is forgotten.

import { words } from "../account/api";
import { button, field, form, h } from "./dom";
import type { Actions, PageState, Screen } from "./screen";

type Page = "login" | "register" | "forgot" | "mailed" | "reset";

const NAME_LIMIT = 20;
const PASSWORD_LIMIT = 72;
const EMAIL_LIMIT = 254;

/** The code of a link mailed to set a new password; the address bar forgets it. */
export function resetCode(): string {
  const code = new URLSearchParams(window.location.search).get("code") ?? "";
  if (code) window.history.replaceState(null, "", window.location.pathname);
  return code;
}

/** `code`: out of a mailed link, to set a new password. `done`: signed in, or turned away from it. */
export function accountScreen(state: PageState, actions: Actions, code: string, done: () => void): Screen {
  let page: Page = code ? "reset" : "login";
  const email = h("input", { id: "email", type: "email", maxLength: EMAIL_LIMIT, autocomplete: "username", placeholder: "you@example.org" });
  const name = h("input", { id: "display-name", value: state.settings.name, maxLength: NAME_LIMIT, autocomplete: "nickname" });
  const password = h("input", { id: "account-password", type: "password", maxLength: PASSWORD_LIMIT });
  const panel = h("div", { class: "panel form account" });

  const go = (next: Page): void => {
    page = next;
    actions.click();
    render();
  };
  const tabs = (): HTMLElement => h("div", { class: "panel-head" }, h("h2", {}, page === "login" ? "SIGN IN" : "NEW ACCOUNT"),
    button("sign in", "quiet", () => go("login"), { id: "to-login", class: page === "login" ? "on" : "" }),
    button("new account", "quiet", () => go("register"), { id: "to-register", class: page === "register" ? "on" : "" }));
  const back = (text: string, act: () => void): HTMLElement => button(text, "quiet", act, { id: "back" });
  const sheet = (fields: HTMLElement[], send: HTMLButtonElement, act: () => Promise<void>, ...aside: HTMLElement[]): HTMLElement =>
    form([...fields, h("div", { class: "actions" }, ...aside, send)], send, act, words);
  const signIn = (act: () => Promise<void>) => async (): Promise<void> => {
    await act();
    done();
  };

  const pages: Record<Page, () => HTMLElement[]> = {
    login: () => [tabs(), sheet([field("E-mail", email), field("Password", password)],
      button("SIGN IN", "primary", () => undefined, { id: "sign-in" }),
      signIn(() => actions.account.login(email.value.trim(), password.value)),
      back("BACK", done), button("Forgotten?", "quiet", () => go("forgot"), { id: "to-forgot" }))],
    register: () => [tabs(), sheet([field("Name", name), field("E-mail", email), field("Password", password)],
      button("CREATE ACCOUNT", "primary", () => undefined, { id: "register" }),
      signIn(() => actions.account.register(email.value.trim(), password.value, name.value.trim())), back("BACK", done))],
    forgot: () => [h("h2", {}, "FORGOTTEN PASSWORD"), h("p", { class: "soft" }, "We send you a link to set a new one."),
      sheet([field("E-mail", email)], button("SEND LINK", "primary", () => undefined, { id: "send-link" }), async () => {
        await actions.account.ask.requestReset(email.value.trim());
        go("mailed");
      }, back("BACK", () => go("login")))],
    mailed: () => [h("h2", {}, "LOOK INTO YOUR MAIL"),
      h("p", { class: "soft" }, "If an account has this address, a link is on its way. It works once, for an hour."),
      h("div", { class: "actions" }, back("BACK", () => go("login")))],
    reset: () => [h("h2", {}, "NEW PASSWORD"), h("p", { class: "soft" }, "It ends every login of your account."),
      sheet([field("New password", password)], button("SET PASSWORD", "primary", () => undefined, { id: "set-password" }), async () => {
        await actions.account.ask.reset(code, password.value);
        password.value = "";
        actions.toast("The new password is set. Sign in with it.");
        go("login");
      }, back("BACK", done))],
  };
  const hints: Record<Page, string> = {
    login: state.lobby ? "You keep your place in the game." : "Your matches and your rating stay with you.",
    register: "Password: at least 8 characters.", forgot: "", mailed: "", reset: "Password: at least 8 characters.",
  };
  const render = (): void => {
    password.autocomplete = page === "login" ? "current-password" : "new-password";
    panel.replaceChildren(...pages[page](), ...(hints[page] ? [h("p", { class: "soft hint" }, hints[page])] : []));
    const first = page === "register" ? name : page === "reset" || email.value ? password : email;
    requestAnimationFrame(() => first.focus());
  };
  render();
  return { el: h("section", { class: "screen centered" }, panel) };
}
