'use strict';

/*
 * The mini program's folder as WeChat's tool reads it: app.json, the pages it
 * names, the components those name; scripts as CommonJS (the tool does the
 * same, setting "es6").
 */

const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const TOP = path.resolve(__dirname, '../../..');
const ROOT = path.join(TOP, 'miniprogram');

const OPTIONS = {
    compilerOptions: {
        module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2021, inlineSourceMap: true
    }
};

const file = (name) => path.join(ROOT, name);
const read = (name) => fs.readFileSync(file(name), 'utf8');
const readJson = (name) => JSON.parse(read(name));
const exists = (name) => fs.existsSync(file(name));

function list(folder = '') {
    return fs.readdirSync(file(folder), { withFileTypes: true }).flatMap((entry) => {
        const name = path.posix.join(folder, entry.name);

        return entry.isDirectory() ? list(name) : [name];
    }).sort();
}

const script = (name) =>
    ts.transpileModule(read(name), { ...OPTIONS, fileName: file(name) }).outputText;

/* "/components/x/index" or "../x/index" as seen from "from", without "/". */
function resolve(from, name) {
    return name.startsWith('/')
        ? name.slice(1) : path.posix.join(path.posix.dirname(from), name);
}

/* All pages and components that are reached: Map path -> { page, json }. */
function parts() {
    const found = new Map();

    function add(name, page) {
        if (found.has(name)) {
            return;
        }

        const json = readJson(`${name}.json`);

        found.set(name, { page, json });
        Object.values(json.usingComponents || {})
            .forEach((one) => add(resolve(name, one), false));
    }

    readJson('app.json').pages.forEach((name) => add(name, true));

    return found;
}

/* Lets node "require" the scripts of the folder; once is enough. */
function hook() {
    const plain = require.extensions['.js'];

    require.extensions['.js'] = (module, name) => {
        if (name.startsWith(`${ROOT}${path.sep}`)) {
            module._compile(script(path.relative(ROOT, name)), name);
        } else {
            plain(module, name);
        }
    };
}

module.exports = {
    ROOT, TOP, exists, file, hook, list, parts, read, readJson, resolve, script
};
