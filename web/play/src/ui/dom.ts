// Building elements without inline script or style, as the content policy of the page demands.

export type Child = Node | string | number | null | undefined | false;

export interface Props {
  class?: string;
  id?: string;
  title?: string;
  type?: string;
  value?: string;
  placeholder?: string;
  maxLength?: number;
  disabled?: boolean;
  hidden?: boolean;
  autocomplete?: string;
  label?: string;
  data?: Record<string, string>;
  on?: Partial<Record<keyof HTMLElementEventMap, (e: never) => void>>;
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  const { class: cls, on, label, data, maxLength, placeholder, type, value, disabled, autocomplete, ...rest } = props;
  if (cls) el.className = cls;
  if (label) el.setAttribute("aria-label", label);
  Object.assign(el, rest);
  Object.assign(el.dataset, data ?? {});
  if (el instanceof HTMLInputElement || el instanceof HTMLButtonElement) {
    if (type) el.type = type as "button";
    if (value !== undefined) el.value = value;
    if (disabled) el.disabled = true;
  }
  if (el instanceof HTMLInputElement) {
    if (placeholder) el.placeholder = placeholder;
    if (maxLength) el.maxLength = maxLength;
    if (autocomplete) el.setAttribute("autocomplete", autocomplete);
    el.spellcheck = false;
  }
  for (const [name, handler] of Object.entries(on ?? {})) el.addEventListener(name, handler as EventListener);
  for (const child of children) if (child !== null && child !== undefined && child !== false) el.append(child instanceof Node ? child : String(child));
  return el;
}

export type ButtonLook = "plain" | "primary" | "quiet" | "danger";

export function button(text: string, look: ButtonLook, act: () => void, props: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", ...props, class: `button ${look} ${props.class ?? ""}`, on: { click: () => act() } }, text);
}

/** A value with an arrow on either side. */
export function stepper<T>(name: string, values: readonly T[], start: T, show: (value: T) => string, changed: (value: T) => void): HTMLElement {
  let at = Math.max(0, values.indexOf(start));
  const shown = h("span", { class: "stepper-value" }, show(values[at]!));
  const move = (by: number): void => {
    at = (at + by + values.length) % values.length;
    shown.textContent = show(values[at]!);
    changed(values[at]!);
  };
  return h("div", { class: "row stepper" },
    h("span", { class: "row-name" }, name),
    h("span", { class: "stepper-box" },
      button("<", "quiet", () => move(-1), { label: `${name}: less` }), shown, button(">", "quiet", () => move(1), { label: `${name}: more` })));
}

export function field(name: string, input: HTMLInputElement): HTMLElement {
  return h("label", { class: "row field" }, h("span", { class: "row-name" }, name), input);
}

/** Fields that are sent together, by button or Enter. While `send` runs the button waits; what fails is told below. */
export function form(fields: Child[], send: HTMLButtonElement, act: () => Promise<void>, tell: (error: unknown) => string): HTMLFormElement {
  const complaint = h("p", { class: "complaint" });
  complaint.setAttribute("role", "alert");
  const submit = async (): Promise<void> => {
    if (send.disabled) return;
    send.disabled = true;
    complaint.textContent = "";
    try {
      await act();
    } catch (error) {
      complaint.textContent = tell(error);
    }
    send.disabled = false;
  };
  send.type = "submit";
  const el = h("form", {
    on: {
      submit: (e: Event) => {
        e.preventDefault();
        void submit();
      },
    },
  }, ...fields, complaint);
  el.noValidate = true;
  return el;
}

/** A canvas of the game shown in a menu at the menu's pixel size. */
export function picture(canvas: HTMLCanvasElement, cls = ""): HTMLCanvasElement {
  const copy = h("canvas", { class: `picture ${cls}` });
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext("2d")!.drawImage(canvas, 0, 0);
  copy.style.setProperty("--w", String(canvas.width));
  copy.style.setProperty("--h", String(canvas.height));
  return copy;
}
