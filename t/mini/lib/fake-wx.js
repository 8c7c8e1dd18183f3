'use strict';

/*
 * The part of WeChat's interface the scripts call, in memory: what is asked
 * for is answered by "answer(request)"; nothing of it is in WeChat's time.
 */

const source = require('./source.js');

source.hook();

function fakeWx(answer = () => ({ status: 200, json: {} })) {
    const kept = new Map();
    const files = new Map();
    const calls = [];
    const fake = { kept, files, calls, answer, pages: [], language: 'zh_CN' };
    const note = (name) => (options = {}) => {
        calls.push([name, options]);
        options.success?.({});
    };

    async function respond(options, name) {
        const request = { ...options, name, path: options.url.replace('https://site.test/api/', '') };

        calls.push([name, request]);

        const made = await fake.answer(request, calls.filter(([one]) => one === name).length);

        if (made.error) {
            options.fail?.({ errMsg: `${name}:fail ${made.error}` });
            return;
        }

        const header = made.header || {};
        const body = made.json === undefined ? made.body ?? '' : made.json;

        if (name === 'downloadFile') {
            const path = options.filePath || `http://tmp/${calls.length}`;

            files.set(path, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'latin1'));
            options.success?.({ statusCode: made.status, tempFilePath: path, filePath: options.filePath, header });
        } else {
            options.success?.({ statusCode: made.status, data: body, header, cookies: [] });
        }
    }

    fake.wx = {
        getStorageSync: (key) => kept.get(key) ?? '',
        setStorageSync: (key, value) => kept.set(key, value),
        removeStorageSync: (key) => kept.delete(key),
        request(options) { respond(options, 'request'); return { abort() {} }; },
        downloadFile(options) { respond(options, 'downloadFile'); return { abort() {} }; },
        getAppBaseInfo: () => ({ language: fake.language }),
        env: { USER_DATA_PATH: 'http://usr' },
        getFileSystemManager: () => ({
            readFile({ filePath, encoding, success, fail }) {
                const bytes = files.get(filePath);

                if (!bytes) {
                    fail({ errMsg: 'readFile:fail no such file' });
                } else {
                    success({ data: encoding ? bytes.toString('utf8') : Uint8Array.from(bytes).buffer });
                }
            },
            readdir: ({ success }) => success({ files: [...files.keys()].map((path) => path.replace('http://usr/', '')) }),
            unlink({ filePath, complete }) { files.delete(filePath); complete?.({}); },
            writeFile({ filePath, data, success }) { files.set(filePath, Buffer.from(data)); success({}); }
        }),
        setNavigationBarTitle: note('setNavigationBarTitle'), makePhoneCall: note('makePhoneCall'),
        navigateTo: note('navigateTo'), redirectTo: note('redirectTo'), reLaunch: note('reLaunch'),
        navigateBack: note('navigateBack'), pageScrollTo: note('pageScrollTo'), hideHomeButton: note('hideHomeButton')
    };
    fake.named = (name) => calls.filter(([one]) => one === name).map(([, options]) => options);

    return fake;
}

/* A script of the folder; "fresh" ones share nothing with earlier tests. */
function load(name) {
    return require(source.file(name));
}

function forget() {
    for (const path of Object.keys(require.cache)) {
        if (path.startsWith(source.ROOT)) {
            delete require.cache[path];
        }
    }
}

/* wx as a global, the site set, all scripts new. */
function install(answer) {
    const fake = fakeWx(answer);

    forget();
    global.wx = Object.assign(global.wx || {}, fake.wx);
    global.getCurrentPages = () => fake.pages;
    load('config.js').config.origin = 'https://site.test';

    return fake;
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

module.exports = { install, load, pause, source };
