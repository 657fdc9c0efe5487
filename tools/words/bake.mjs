// Makes src/moderation/words.txt: `npm ci && npm run bake`. With --check it only says whether that file is what it would make.
//
// English comes from both packages, each other language from naughty-words, whose lists were written by people who speak
// it (those of @2toad/profanity are translated by machine). spare.txt names what is left out because people say it without
// harm, or because it is an ordinary word of another language; innocents.txt what is only near to a listed word;
// stems.txt letters that are bad wherever they stand.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { profaneWords } = require('@2toad/profanity/dist/data/profane-words.js');
const naughty = require('naughty-words');

const here = (name) => new URL(name, import.meta.url);
const lines = (name) => readFileSync(here(name), 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim())
  .filter((line) => line !== '');

// Not spoken by people to offend: Klingon, Esperanto.
const left_out = new Set(['tlh', 'eo']);
const spare = new Set(lines('spare.txt'));
const words = new Set();
const take = (word) => {
  const plain = word.trim().toLowerCase().replace(/\*+$/, '');
  if (!spare.has(plain) && !plain.startsWith('#')) words.add(plain);
};

for (const word of profaneWords.get('en')) take(word);
for (const [language, list] of Object.entries(naughty)) {
  if (!left_out.has(language)) for (const word of list) take(word);
}

const head = `# Made by tools/words/bake.mjs; not to be edited. Foul words in many languages, for the filter of chat and names.
# Sources: @2toad/profanity 3.3.0 (MIT, 2Toad), naughty-words 1.2.0 (CC BY 4.0, Shutterstock, Inc. and contributors;
# some words left out).
`;
const sorted = [...words].sort();
const innocents = lines('innocents.txt').map((word) => `=${word}`);
const stems = lines('stems.txt').map((stem) => `~${stem}`);
const baked = `${head}${[...stems, ...innocents, ...sorted].join('\n')}\n`;
const file = here('../../src/moderation/words.txt');
if (process.argv[2] === '--check') {
  if (readFileSync(file, 'utf8') !== baked) {
    console.error('src/moderation/words.txt is not what tools/words/bake.mjs makes: npm ci && npm run bake in tools/words');
    process.exit(1);
  }
} else {
  writeFileSync(file, baked);
}
console.log(`${sorted.length} words, ${innocents.length} innocents, ${stems.length} stems`);
