// Draws the server's own OpenAPI description as a page. Plain DOM, nothing from elsewhere: the page's policy forbids it.

const METHODS = ["get", "post", "put", "patch", "delete"];

// make("a.name", {href: "#x"}, child, ...): an element with classes, attributes and children (elements or text).
function make(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return element;
}

// Paragraphs, **strong words** and addresses.
function prose(text = "") {
  return text.split("\n\n").filter((part) => part !== "").map((part) => make("p", {}, part.split(/(\*\*.+?\*\*)/).map(
    (piece) => (piece.startsWith("**") ? make("strong", {}, piece.slice(2, -2)) : piece))));
}

function draw(api) {
  const resolve = (value) => (value?.$ref ? value.$ref.slice(2).split("/").reduce((at, key) => at[key], api) : value);
  const nameOf = (value) => value?.$ref?.split("/").pop();

  // The schema to show of a problem answer: it is narrowed by allOf, which tells a reader nothing more.
  const plain = (schema) => (schema?.allOf ? schema.allOf[0] : schema);
  const linkTo = (name) => make("a", { href: `#schema-${name}` }, name);

  function typeOf(given) {
    const schema = plain(given);
    if (schema?.$ref) return [linkTo(nameOf(schema))];
    if (schema?.anyOf) return schema.anyOf.flatMap((one, i) => [i > 0 ? " or " : "", ...typeOf(one)]);
    if (schema?.type === "array") return ["list of ", ...typeOf(schema.items)];
    const types = [schema?.type ?? "any"].flat();
    return [types.join(" or ") + (schema?.format ? ` (${schema.format})` : "")];
  }

  function rulesOf(schema) {
    const rules = [];
    if (schema.const !== undefined) rules.push(`always ${JSON.stringify(schema.const)}`);
    if (schema.enum) rules.push(`one of ${schema.enum.join(", ")}`);
    if (schema.items?.enum) rules.push(`of ${schema.items.enum.join(", ")}`);
    if (schema.minimum !== undefined && schema.maximum !== undefined) rules.push(`${schema.minimum} to ${schema.maximum}`);
    else if (schema.minimum !== undefined && schema.minimum !== 0) rules.push(`at least ${schema.minimum}`);
    else if (schema.maximum !== undefined) rules.push(`at most ${schema.maximum}`);
    if (schema.maxLength !== undefined) rules.push(`${schema.minLength ? `${schema.minLength} to` : "at most"} ${schema.maxLength} characters`);
    if (schema.maxItems !== undefined) rules.push(`at most ${schema.maxItems}`);
    if (schema.default !== undefined) rules.push(`else ${JSON.stringify(schema.default)}`);
    return rules.join("; ");
  }

  const row = (name, schema, description, optional, depth = 0) => make("tr", {},
    make("td", {}, indented(name, depth), optional ? make("span.optional", {}, " optional") : ""),
    make("td", {}, typeOf(schema)),
    make("td", {}, description ?? "", " ", make("span.rule", {}, rulesOf(schema))));

  function indented(name, depth) {
    const span = make("span.inner", {}, name);
    span.style.setProperty("--depth", depth);
    return span;
  }

  function rowsOf(schema, depth = 0) {
    return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const inner = property.type === "array" ? property.items : property;
      const nested = inner.$ref ? [] : rowsOf(inner, depth + 1);
      return [row(name, property, property.description, !schema.required?.includes(name), depth), ...nested];
    });
  }

  const table = (rows) => make("div.scroll", {}, make("table", {}, make("tbody", {}, rows)));
  const example = (value) => make("pre", {}, JSON.stringify(value, null, 2));

  function content(media) {
    return Object.entries(media ?? {}).flatMap(([type, { schema, example: shown }]) => [
      make("p", {}, make("code", {}, type), type.endsWith("json") ? [": ", ...typeOf(schema)] : ""),
      shown === undefined ? "" : example(shown)]);
  }

  function answer(status, given) {
    const response = resolve(given);
    const colour = status < "300" ? "fine" : status < "400" ? "moved" : "refused";
    const headers = Object.entries(response.headers ?? {}).map(([name, header]) => {
      const { schema, description } = resolve(header);
      return row(name, schema, description, false);
    });
    return make("details", {},
      make("summary", {}, make(`span.status.${colour}`, {}, status), make("span", {}, response.description)),
      make("div", {}, content(response.content), headers.length > 0 ? [make("h4", {}, "Headers"), table(headers)] : []));
  }

  function operation(path, method, described) {
    const { operationId, summary, description, security, parameters = [], requestBody, responses } = described;
    return make("section.operation", { id: operationId },
      make("h3", {}, make(`span.method.${method}`, {}, method.toUpperCase()), make("span.path", {}, path),
        make("span.summary", {}, summary), security?.length > 0 ? make("span.signed", {}, "signed in") : ""),
      prose(description),
      parameters.length > 0 ? [make("h4", {}, "Parameters"), table(parameters.map(
        (one) => row(one.name, one.schema, `${one.description} (${one.in})`, !one.required)))] : [],
      requestBody ? [make("h4", {}, "Body"), ...bodyOf(requestBody)] : [],
      make("h4", {}, "Answers"), Object.entries(responses).map(([status, response]) => answer(status, response)));
  }

  function bodyOf(requestBody) {
    const { schema, example: shown } = requestBody.content["application/json"];
    return [table(rowsOf(resolve(schema))), example(shown)];
  }

  const schemaPart = ([name, schema]) => make("section.schema", { id: `schema-${name}` },
    make("h3", {}, name), prose(schema.description), table(rowsOf(schema)));

  const operations = Object.entries(api.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method])
    .map((method) => ({ path, method, described: item[method] })));
  const ofTag = (tag) => operations.filter(({ described }) => described.tags.includes(tag.name));
  const slug = (tag) => `tag-${tag.name.toLowerCase()}`;

  document.title = api.info.title;
  document.getElementById("contents").append(
    make("strong", {}, api.info.title),
    make("a", { href: "#top" }, "About"),
    ...api.tags.flatMap((tag) => [make("strong", {}, tag.name), ...ofTag(tag).map(({ path, method, described }) => make(
      "a", { href: `#${described.operationId}` }, make(`span.method.${method}`, {}, method.toUpperCase()), make("span", {}, path)))]),
    make("strong", {}, "Schemas"),
    ...Object.keys(api.components.schemas).map((name) => make("a", { href: `#schema-${name}` }, name)));
  document.getElementById("page").replaceChildren(
    make("header", { id: "top" }, make("h1", {}, api.info.title),
      make("p.lead", {}, `${api.info.summary} Version ${api.info.version}; for programs: `,
        make("a", { href: "/api/openapi.json" }, "/api/openapi.json"), "."),
      prose(api.info.description),
      make("p", {}, make("strong", {}, "Signed in"), " means the header ", make("code", {}, "Authorization: Bearer <token>"), ". ",
        api.components.securitySchemes.bearer.description)),
    ...api.tags.flatMap((tag) => [make("h2", { id: slug(tag) }, tag.name), ...prose(tag.description),
      ...ofTag(tag).map(({ path, method, described }) => operation(path, method, described))]),
    make("h2", { id: "schemas" }, "Schemas"), ...Object.entries(api.components.schemas).map(schemaPart));
  if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

try {
  const answer = await fetch("/api/openapi.json");
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  draw(await answer.json());
} catch (error) {
  document.getElementById("state").textContent = `The description could not be read: ${error.message}`;
}
