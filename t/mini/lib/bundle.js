'use strict';

/*
 * The unchanged sources made ready for a browser: templates compiled by
 * glass-easel's own compiler, scripts wrapped as modules, style sheets with
 * "rpx" as a share of the screen's width and classes of their own.
 */

const path = require('node:path');
const { TmplGroup } = require('glass-easel-template-compiler');

const source = require('./source.js');
const { BUILT_IN } = require('./tags.js');

const LEVEL_ERROR = 3;

const rpx = (css) => css.replace(/(-?[\d.]+)rpx\b/g, 'calc(100vw * $1 / 750)');

/* .name -> .prefix--name, in selectors only. */
function scoped(css, prefix) {
    return css.replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\.([a-zA-Z][\w-]*)(?=[^{}]*\{)/g, `.${prefix}--$1`);
}

function styleOf(name) {
    if (!source.exists(`${name}.wxss`)) {
        return '';
    }

    return source.read(`${name}.wxss`).replace(/@import\s+["']([^"']+)["'];/g, (_, other) =>
        styleOf(source.resolve(name, other).replace(/\.wxss$/, '')));
}

/* A page's style sheet holds for that page alone. */
function ofPage(css, name) {
    return css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/([^{}@]+)\{/g, (_, selectors) =>
        `${selectors.split(',').map((one) => ` [data-route="${name}"] ${one.trim()}`).join(',')} {`);
}

const scopeOf = (name) => name.replace(/[^\w]+/g, '-');

function templates(names) {
    const group = new TmplGroup();
    const faults = [];
    const add = (name, wxml) => {
        for (const one of group.addTmpl(name, wxml) || []) {
            if (one.level >= LEVEL_ERROR || one.prevent_success) {
                faults.push(`${name}:${one.start_line + 1}: ${one.message}`);
            }
        }
    };

    for (const name of names) {
        add(name, source.read(`${name}.wxml`));
    }

    for (const [tag, wxml] of Object.entries(BUILT_IN)) {
        add(`built-in/${tag}`, wxml);
    }

    if (faults.length) {
        throw new Error(faults.join('\n'));
    }

    const text = group.getTmplGenObjectGroups();

    group.free();

    return text;
}

function modules() {
    const scripts = source.list().filter((name) => name.endsWith('.js'));

    return scripts.map((name) => `${JSON.stringify(name)}: function (require, module, exports) {\n`
        + `${source.script(name)}\n}`).join(',\n');
}

/* "settings" replace what config.js of the folder holds. */
function bundle() {
    const parts = source.parts();
    const names = [...parts.keys()];
    const styles = Object.fromEntries(names.map((name) => {
        const { page } = parts.get(name);
        const css = rpx(styleOf(name));

        return [name, { css: page ? ofPage(css, name) : scoped(css, scopeOf(name)), scope: scopeOf(name) }];
    }));
    const files = Object.fromEntries(source.list()
        .filter((name) => /\.(svg|png|jpg)$/.test(name))
        .map((name) => [`/${name}`, require('node:fs').readFileSync(source.file(name), 'base64')]));

    return `export const app = ${JSON.stringify(source.readJson('app.json'))};\n`
        + `export const theme = ${source.exists('theme.json') ? source.read('theme.json') : '{}'};\n`
        + `export const appStyle = ${JSON.stringify(rpx(styleOf('app')))};\n`
        + `export const parts = ${JSON.stringify(Object.fromEntries(parts))};\n`
        + `export const styles = ${JSON.stringify(styles)};\n`
        + `export const files = ${JSON.stringify(files)};\n`
        + `export const tags = ${JSON.stringify(Object.keys(BUILT_IN))};\n`
        + `export const modules = {\n${modules()}\n};\n`
        + `export const templates = ${templates(names)};\n`;
}

/* What the browser is given under its address. */
function served() {
    const module = (name, file) => path.join(__dirname, '../node_modules', name, 'dist', file);

    return {
        '/glass-easel.js': module('glass-easel', 'glass_easel.dev.all.es.js'),
        '/adapter.js': module('glass-easel-miniprogram-adapter',
            'glass_easel_miniprogram_adapter.es.js'),
        '/': path.join(__dirname, '../browser/index.html')
    };
}

module.exports = { bundle, served };
