// Reads the files of deploy/ as the programs that they are written for would.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../..');

export const text = (path) => readFileSync(join(root, path), 'utf8');
export const exists = (path) => existsSync(join(root, path));
export const yaml = (path) => parse(text(path), { merge: true, strict: true, uniqueKeys: true });

export function yamlDocuments(path) {
  return parseAllDocuments(text(path), { strict: true, uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]}`);
    return document.toJS();
  });
}

// KEY=value lines.
export function environmentFile(path) {
  const lines = text(path).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => {
    const match = /^([A-Z_]+)=(.*)$/.exec(line);
    if (!match) throw new Error(`${path}: ${line}`);
    return [match[1], match[2]];
  }));
}

// ${NAME:?why}, ${NAME:-default} and $$ as docker compose fills them in; used() collects the names.
export function interpolate(content, values, used = () => {}) {
  return content.replace(/\$\$|\$\{([A-Z_]+)(?:(:[?-])([^}]*))?\}/g, (whole, name, how, rest) => {
    if (whole === '$$') return '$';
    used(name);
    const value = values[name] ?? '';
    if (value !== '') return value;
    if (how === ':?') throw new Error(`${name}: ${rest}`);
    return how === ':-' ? rest : '';
  });
}

// Instructions of a Dockerfile, {word, rest}, continued lines joined.
export function dockerfile(path) {
  const lines = text(path).split('\n').filter((line) => !/^\s*#/.test(line)).join('\n').replace(/\\\n/g, ' ').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => {
    const match = /^([A-Z]+)\s+(.*)$/.exec(line.trim());
    return { word: match[1], rest: match[2].trim() };
  });
}

// "21m", "90s", "1h" in seconds.
export function seconds(span) {
  const match = /^(\d+)([smh])$/.exec(span);
  if (!match) throw new Error(`no time: ${span}`);
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2]];
}
