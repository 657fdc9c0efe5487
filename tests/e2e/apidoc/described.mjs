// An OpenAPI document, and calls of a server whose answers must be as it says.

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { assert } from '../lib/check.mjs';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
// An answer has these only where the document says so.
const TOLD = ['retry-after', 'www-authenticate', 'x-request-id', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'content-disposition'];

export class Described {
  constructor(document) {
    this.document = document;
    this.seen = new Set();  // "GET /path 200"
    this.ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
    this.ajv.addVocabulary(['components', 'example']);
    addFormats(this.ajv);
    this.ajv.addSchema({ $id: 'api', components: document.components });
    this.compiled = new Map();
  }

  // Every { method, path, described }.
  get operations() {
    return Object.entries(this.document.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method])
      .map((method) => ({ method: method.toUpperCase(), path, described: item[method] })));
  }

  resolve(value) {
    return value.$ref ? value.$ref.slice(2).split('/').reduce((at, key) => at[key], this.document) : value;
  }

  // Throws unless the value is as the schema says.
  check(schema, value, where) {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
    if (!this.compiled.has(text)) this.compiled.set(text, this.ajv.compile(JSON.parse(text)));
    const validate = this.compiled.get(text);
    assert.ok(validate(value), `${where}: ${this.ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`);
  }

  // Calls `method` `path` of the document, checks the answer, and notes that this status was seen.
  async call(server, method, path, options = {}) {
    const { id = '', query, body, raw, token, headers = {}, address } = options;
    const answer = await fetch(server.url + path.replace('{id}', id) + (query ? `?${new URLSearchParams(query)}` : ''), {
      method,
      headers: {
        ...(body !== undefined || raw !== undefined ? { 'Content-Type': 'application/json' } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(address ? { 'X-Forwarded-For': address } : {}), ...headers,
      },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
    return this.checkAnswer(method, path, answer.status, answer.headers, await answer.text());
  }

  // `headers` has get(name). Gives { status, headers, body }.
  checkAnswer(method, path, status, headers, text) {
    const where = `${method} ${path} ${status}`;
    const response = this.document.paths[path][method.toLowerCase()].responses[status];
    assert.ok(response, `${where} is not in the document: ${text}`);
    const described = this.resolve(response);
    this.checkHeaders(described.headers ?? {}, headers, where);
    this.seen.add(where);
    if (!described.content) {
      assert.equal(text, '', `${where} has a body`);
      return { status, headers };
    }
    const type = (headers.get('content-type') ?? '').split(';')[0];
    assert.ok(described.content[type], `${where} is ${type}`);
    const body = type.endsWith('json') ? JSON.parse(text) : text;
    this.check(described.content[type].schema, body, where);
    return { status, headers, body };
  }

  checkHeaders(described, headers, where) {
    for (const [name, given] of Object.entries(described)) {
      const { schema } = this.resolve(given);
      const value = headers.get(name);
      assert.ok(value !== null && value !== undefined, `${where} lacks ${name}`);
      this.check(schema, schema.type === 'integer' ? Number(value) : value, `${where} ${name}`);
    }
    const named = Object.keys(described).map((name) => name.toLowerCase());
    for (const name of TOLD) assert.ok(named.includes(name) || !headers.get(name), `${where} has ${name}, not in the document`);
  }
}
