// Evaluates expressions with jsonata-js: a batch of jobs as one line of JSON in, their outcomes as one line out.
//
// A job is [text, [input, ...]]; an outcome is {v: value}, {u: 1} for undefined or {e: code}. A value may have
// {"#": kind} in the place of what JSON does not have: a function, undefined in a list, a number out of range. An
// outcome has `h` when something undefined was in a list on the way, or was put into the input.
"use strict";

const [folder, now] = process.argv.slice(2);
const RealDate = Date;
global.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [Number(now)]));
  }
};
const jsonata = require(folder);
const GUARDS = { timeout: 5000, stack: 400, sequence: 200000 };

function plain(value, depth) {
  if (depth > 300) throw { code: "too deep" };
  if (value === undefined) return { "#": "undefined" };
  if (typeof value === "number" && !Number.isFinite(value)) return { "#": "number" };
  if (value === null || typeof value !== "object") return typeof value === "function" ? { "#": "function" } : value;
  if (value._jsonata_lambda || value._jsonata_function) return { "#": "function" };
  if (Array.isArray(value)) return Array.from(value, (entry) => plain(entry, depth + 1));
  const made = {};
  for (const name of Object.keys(value)) {
    if (value[name] !== undefined) made[name] = plain(value[name], depth + 1);
  }
  return made;
}

let holes = false;

function watch(expression, _input, _environment, result) {
  if (Array.isArray(result) && (result.length > 1 || expression.keepArray || expression.keepSingletonArray)) {
    holes = holes || result.includes(undefined);
  }
}

function written(value) {
  try {
    return JSON.stringify(value);
  } catch {
    return "holds itself";
  }
}

async function outcome(expression, input) {
  let found;
  const before = written(input);
  holes = false;
  try {
    const value = await expression.evaluate(input);
    found = value === undefined ? { u: 1 } : { v: plain(value, 0) };
  } catch (error) {
    found = { e: String((error && error.code) || error) };
  }
  return holes || written(input) !== before ? { ...found, h: 1 } : found;
}

async function outcomes([text, inputs]) {
  let expression;
  try {
    expression = jsonata(text, GUARDS);
    expression.assign(Symbol.for("jsonata.__evaluate_exit"), watch);
  } catch (error) {
    return inputs.map(() => ({ e: String(error.code || error) }));
  }
  const found = [];
  for (const input of inputs) found.push(await outcome(expression, input));
  return found;
}

(async () => {
  const lines = require("readline").createInterface({ input: process.stdin });
  for await (const line of lines) {
    const found = [];
    for (const job of JSON.parse(line)) found.push(await outcomes(job));
    process.stdout.write(JSON.stringify(found) + "\n");
  }
})();
