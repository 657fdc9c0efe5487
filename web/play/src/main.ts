import { App } from "./app";

new App(window.location.origin);
