// Signing in: e-mail and password, then the code of the second factor, which is set up here the first time.

import qrcode from "qrcode-generator";
import { get, login, logout, post, signedIn, words } from "./api";
import type { Me } from "./types";
import { button, field, h } from "./ui";

function card(title: string, ...children: (Node | string)[]): HTMLElement {
  return h("main", { class: "login" }, h("section", { class: "card" }, h("p", { class: "brand" }, "TRESPASSER", h("span", {}, "staff")), h("h1", {}, title), ...children));
}

function form(fields: HTMLElement[], action: string, act: () => Promise<void>): HTMLFormElement {
  const complaint = h("p", { class: "complaint", role: "alert" });
  const send = h("button", { type: "submit", class: "primary" }, action);
  const element = h("form", { submit: (event: Event) => {
    event.preventDefault();
    send.disabled = true;
    complaint.textContent = "";
    act().catch((error: unknown) => (complaint.textContent = words(error))).finally(() => (send.disabled = false));
  } }, ...fields, complaint, send);
  return element;
}

/** The picture that an authenticator app's camera reads. */
function qrPicture(text: string): HTMLElement {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const scale = 4;
  const quiet = 4;
  const canvas = h("canvas", { width: (count + 2 * quiet) * scale, height: (count + 2 * quiet) * scale, role: "img", "aria-label": "QR code for the authenticator app" });
  const ctx = canvas.getContext("2d")!;
  ctx.fillStyle = "#fff";
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = "#000";
  for (let y = 0; y < count; y++) for (let x = 0; x < count; x++) if (code.isDark(y, x)) ctx.fillRect((x + quiet) * scale, (y + quiet) * scale, scale, scale);
  return canvas;
}

function codeInput(recovery: boolean): HTMLInputElement {
  return h("input", { name: "code", required: true, autocomplete: "one-time-code", maxlength: recovery ? 24 : 7, ...(recovery ? {} : { inputmode: "numeric" }), spellcheck: "false" });
}

/** Shows what is still to be done in `root`; resolves when the caller is through. */
export function signIn(root: HTMLElement, why = ""): Promise<Me> {
  return new Promise((done) => {
    const show = (element: HTMLElement): void => {
      root.replaceChildren(element);
      element.querySelector<HTMLElement>("input")?.focus();
    };
    const leave = (): HTMLElement => button("Sign out", () => void logout().then(() => askPassword("")), "quiet");

    const askPassword = (told: string): void => {
      const email = h("input", { type: "email", name: "email", required: true, autocomplete: "username" });
      const password = h("input", { type: "password", name: "password", required: true, autocomplete: "current-password" });
      show(card("Sign in", ...(told ? [h("p", { class: "complaint" }, told)] : []),
        form([field("E-mail", email), field("Password", password)], "Sign in", async () => {
          await login(email.value, password.value);
          await next();
        })));
    };

    const askCode = (recovery: boolean): void => {
      const code = codeInput(recovery);
      show(card("Second factor",
        h("p", {}, recovery ? "One of the recovery codes that you wrote down. It is used up by this." : "The six digits that your authenticator app shows now."),
        form([field(recovery ? "Recovery code" : "Code", code)], "Continue", async () => {
          done(await post<Me>("session", { code: code.value }));
        }),
        h("div", { class: "row" }, button(recovery ? "Use the app's code" : "Use a recovery code", () => askCode(!recovery), "quiet"), leave())));
    };

    const showRecovery = (codes: string[]): void => {
      show(card("Recovery codes",
        h("p", {}, "Each of these lets you in once without the app. Keep them where the app is not. They are not shown again."),
        h("ol", { class: "codes" }, ...codes.map((code) => h("li", {}, h("code", {}, code)))),
        h("div", { class: "row" }, button("Copy", () => navigator.clipboard.writeText(codes.join("\n"))),
          button("I have kept them", () => void next(), "primary"))));
    };

    const enrol = async (): Promise<void> => {
      const made = await post<{ secret: string; uri: string }>("factor");
      const code = codeInput(false);
      show(card("Set up the second factor",
        h("p", {}, "Staff accounts need an authenticator app. Read this with its camera, or type the secret into it."),
        qrPicture(made.uri), h("p", {}, "Secret: ", h("code", { class: "secret" }, made.secret.replace(/(.{4})/g, "$1 ").trim())),
        form([field("The six digits that the app shows now", code)], "Confirm", async () => {
          showRecovery((await post<{ recoveryCodes: string[] }>("factor/confirm", { code: code.value })).recoveryCodes);
        }), leave()));
    };

    const next = async (): Promise<void> => {
      try {
        const me = await get<Me>("me");
        if (me.verified) return done(me);
        if (me.enrolled) askCode(false);
        else await enrol();
      } catch (error) {
        await logout();
        askPassword(words(error));
      }
    };

    if (signedIn()) void next();
    else askPassword(why);
  });
}
