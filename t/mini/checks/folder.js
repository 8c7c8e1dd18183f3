'use strict';

/* The folder is what WeChat's tool expects, and holds nothing of anybody's. */

const fs = require('node:fs');
const path = require('node:path');

const source = require('../lib/source.js');

const PACKAGE_MOST = 300 * 1024;
const SHARED = 'utils/shared';
const PLACES = ['js', 'js/fit'];

/* Hosts that may stand in a source: of names of formats, not of anybody. */
const HARMLESS = /^(www\.w3\.org|usr|tmp)$/;

function packed() {
    const { packOptions } = source.readJson('project.config.json');
    const left = packOptions.ignore.map(({ value }) => value);

    return source.list().filter((name) => !left.includes(name)
        && !name.startsWith('project.'));
}

/* The file of the web site a shared one is a copy of. */
function original(name) {
    return PLACES.map((place) => path.join(source.TOP, 'web', place, name)).find(fs.existsSync);
}

module.exports = async ({ assert, comment, test }) => {
    const names = source.list();

    await test('each page of app.json, and each component a page names, has its four files', () => {
        const lacking = [...source.parts().keys()].flatMap((name) =>
            ['js', 'json', 'wxml', 'wxss'].map((kind) => `${name}.${kind}`)
                .filter((file) => !source.exists(file) && !file.endsWith('.wxss')));

        assert.deepEqual(lacking, []);
        assert.equal(source.readJson('app.json').pages[0], 'pages/login/index', 'S05');
    });

    await test('no page or component lies about unused, none is used without being named', () => {
        const parts = source.parts();
        const folders = names.filter((name) => /^(pages|components)\/.*\.wxml$/.test(name))
            .map((name) => name.replace(/\.wxml$/, ''));
        const wrong = [];

        for (const [name, { json }] of parts) {
            const used = new Set([...source.read(`${name}.wxml`).matchAll(/<([a-z]+-[a-z-]+)/g)]
                .map(([, tag]) => tag).filter((tag) => !['scroll-view', 'page-meta'].includes(tag)));
            const named = new Set(Object.keys(json.usingComponents || {}));

            wrong.push(...[...used].filter((tag) => !named.has(tag)).map((tag) => `${name} lacks ${tag}`),
                ...[...named].filter((tag) => !used.has(tag)).map((tag) => `${name} names ${tag}`));
        }

        assert.deepEqual(folders.filter((name) => !parts.has(name)), []);
        assert.deepEqual(wrong, []);
    });

    await test('each handler a template names is a method of its script', () => {
        const wrong = [...source.parts().keys()].flatMap((name) => {
            const script = source.read(`${name}.js`)
                + (name.startsWith('pages/') ? source.read('utils/page.js') : '');

            return [...source.read(`${name}.wxml`).matchAll(/(?:bind|catch):[a-z]+="(\w+)"/g)]
                .filter(([, method]) => !new RegExp(`(^|\\s)(async )?${method}[(:]`, 'm').test(script))
                .map(([, method]) => `${name}: ${method}`);
        });

        assert.deepEqual(wrong, []);
    });

    await test('no page has a class a component knows: a page\'s style sheet reaches into components', () => {
        const classes = (css) => new Set([...css.replace(/\{[^}]*\}/g, ' ').matchAll(/\.([a-z][\w-]*)/g)]
            .map(([, name]) => name));
        const own = new Map([...source.parts()].filter(([name]) => source.exists(`${name}.wxss`))
            .map(([name, { page }]) => [name, { page, classes: classes(source.read(`${name}.wxss`)) }]));
        const shared = classes(source.read('app.wxss'));
        const ofComponents = new Map([...own].filter(([, one]) => !one.page)
            .flatMap(([name, one]) => [...one.classes].map((key) => [key, name])));
        const wrong = [...own].filter(([, one]) => one.page).flatMap(([name, one]) => [...one.classes]
            .filter((key) => ofComponents.has(key) && !shared.has(key))
            .map((key) => `${name} .${key} and ${ofComponents.get(key)}`));

        wrong.push(...[...shared].filter((key) => ofComponents.has(key))
            .map((key) => `app .${key} and ${ofComponents.get(key)}`));

        for (const [name, one] of own) {
            wrong.push(...(one.page ? [] : [...own].filter(([other, two]) => other < name && !two.page
                && [...two.classes].some((key) => one.classes.has(key))).map(([other]) => `${name} and ${other}`)));
        }

        assert.deepEqual(wrong, []);
    });

    await test('the package has at most 300 KB', () => {
        const size = packed().reduce((sum, name) => sum + fs.statSync(source.file(name)).size, 0);

        comment(`${packed().length} files, ${size} bytes`);
        assert.ok(size <= PACKAGE_MOST, `${size} bytes`);
    });

    await test('no appid, no host and no secret of anybody stands in the folder', () => {
        const project = source.readJson('project.config.json');
        const found = [];

        for (const name of names.filter((one) => !one.endsWith('.svg'))) {
            const text = source.read(name);

            found.push(...(text.match(/\bwx[0-9a-f]{16}\b/g) || []).map((one) => `${name}: ${one}`));

            if (name !== 'README.md') {
                found.push(...[...text.matchAll(/https?:\/\/([\w.-]+)/g)]
                    .filter(([, host]) => !HARMLESS.test(host)).map(([whole]) => `${name}: ${whole}`));
            }
        }

        assert.deepEqual(found, []);
        assert.equal(project.appid, 'touristappid');
        assert.match(source.read('config.js'), /origin: ''/);
        assert.ok(!source.exists('project.private.config.json'));
    });

    await test('wx.request and wx.downloadFile are called by utils/api.js alone', () => {
        const wrong = names.filter((name) => name.endsWith('.js') && name !== 'utils/api.js'
            && /wx\.(request|downloadFile|uploadFile)\b/.test(source.read(name)));

        assert.deepEqual(wrong, []);
        assert.match(source.read('utils/api.js'), /wx\.request/);
    });

    await test('what WeChat asks for is there: privacy check, dark theme, time-outs, no search', () => {
        const app = source.readJson('app.json');
        const theme = source.readJson(app.themeLocation);
        const words = JSON.stringify(app.window).match(/@\w+/g).map((one) => one.slice(1));

        assert.equal(app.__usePrivacyCheck__, true);
        assert.equal(app.darkmode, true);
        assert.ok(app.networkTimeout.request && app.networkTimeout.downloadFile);
        assert.deepEqual(words.filter((one) => !theme.light[one] || !theme.dark[one]), []);
        assert.equal(source.readJson('sitemap.json').rules[0].action, 'disallow');
    });

    await test('each page follows the size of letters set in WeChat', () => {
        const wrong = [...source.parts()].filter(([name, { page }]) => page
            && !/^<page-meta root-font-size="system" page-font-size="system" \/>/.test(source.read(`${name}.wxml`)))
            .map(([name]) => name);

        assert.deepEqual(wrong, []);
    });

    await test('what is shared with the web site is the same, byte for byte', () => {
        const wrong = names.filter((name) => name.startsWith(`${SHARED}/`)).filter((name) => {
            const from = original(path.basename(name));

            return !from || !fs.readFileSync(from).equals(fs.readFileSync(source.file(name)));
        });

        assert.deepEqual(wrong, [], 'copy them from web/js');
    });

    await test('no script is longer than 600 lines, no line than 120 columns', () => {
        const wrong = names.filter((name) => /\.js$/.test(name) && !/text-\w+\.js$/.test(name))
            .flatMap((name) => {
                const lines = source.read(name).split('\n');

                return [...(lines.length > 600 ? [`${name}: ${lines.length} lines`] : []),
                    ...lines.flatMap((line, i) => (line.length > 120 ? [`${name}:${i + 1}`] : []))];
            });

        assert.deepEqual(wrong, []);
    });
};
