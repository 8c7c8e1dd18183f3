/*
 * The part of WeChat's interface the mini program calls.  What the phone
 * does outside the page is asked of the test (window.native): the network,
 * the choice of a picture, the viewer of files, the telephone.
 */

import { fromBase64, fileUrl, list, read, remove, temporary, toBase64, USER, write } from '/files.js';

const LATER_MS = 0;

function finish(options, error, result = {}) {
    const name = error ? 'fail' : 'success';
    const answer = error ? { errMsg: error, ...result } : { errMsg: 'ok', ...result };

    setTimeout(() => {
        options[name]?.(answer);
        options.complete?.(answer);
    }, LATER_MS);
}

/* Callbacks as WeChat calls them, or a promise where none is given. */
function api(name, work) {
    return (options = {}) => {
        if (options.success || options.fail || options.complete) {
            run(options);

            return undefined;
        }

        return new Promise((resolve, reject) => {
            run({ ...options, success: resolve, fail: reject });
        });

        function run(given) {
            Promise.resolve().then(() => work(given)).then((result) =>
                finish(given, null, result), (error) =>
                finish(given, `${name}:fail ${error.message || error}`, error.extra));
        }
    };
}

function bytesOf(data, encoding) {
    if (data instanceof ArrayBuffer) {
        return new Uint8Array(data);
    }

    return encoding === 'base64' ? fromBase64(data) : new TextEncoder().encode(String(data));
}

function decoded(bytes, { dataType = 'json', responseType = 'text' }) {
    if (responseType === 'arraybuffer') {
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    }

    const text = new TextDecoder().decode(bytes);

    if (dataType !== 'json') {
        return text;
    }

    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

export function makeWx({ app, theme, stack, topPage, navigate, lifecycle }) {
    const running = new Map();
    let serial = 0;

    function network(name, options, { method, data }, done) {
        const id = serial += 1;
        const limit = options.timeout || app.networkTimeout?.[name] || 60000;
        const body = data === undefined ? '' : toBase64(bytesOf(data));
        let open = true;

        function end(error, result) {
            if (open) {
                open = false;
                running.delete(id);

                if (error) {
                    finish(options, `${name}:fail ${error}`);
                } else {
                    done(result);
                }
            }
        }

        running.set(id, end);
        window.native('request', {
            id, method, body, url: options.url, header: options.header || {}, timeout: limit
        }).then((answer) => end(answer.error, answer));

        return { abort: () => end('abort'), onProgressUpdate() {}, offProgressUpdate() {} };
    }

    function request(options) {
        const json = options.data !== undefined && !(options.data instanceof ArrayBuffer)
            && typeof options.data !== 'string';

        return network('request', options, {
            method: options.method || 'GET',
            data: json ? JSON.stringify(options.data) : options.data
        }, (answer) => finish(options, null, {
            statusCode: answer.statusCode, header: answer.header, cookies: [],
            data: decoded(fromBase64(answer.body), options)
        }));
    }

    function downloadFile(options) {
        return network('downloadFile', options, { method: 'GET' }, (answer) => {
            const bytes = fromBase64(answer.body);
            const path = options.filePath ? write(options.filePath, bytes)
                : temporary(bytes, /jpeg/.test(answer.header['content-type']) ? 'jpg' : 'bin');

            finish(options, null, {
                statusCode: answer.statusCode, tempFilePath: path, filePath: options.filePath
            });
        });
    }

    const files = {
        readFile: api('readFile', ({ filePath, encoding }) => {
            const bytes = read(filePath);

            if (!bytes) {
                throw new Error(`no such file ${filePath}`);
            }

            return {
                data: encoding ? new TextDecoder().decode(bytes)
                    : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
            };
        }),
        writeFile: api('writeFile', ({ filePath, data, encoding }) => {
            write(filePath, bytesOf(data, encoding));
        }),
        unlink: api('unlink', ({ filePath }) => {
            if (!remove(filePath)) {
                throw new Error('no such file');
            }
        }),
        readdir: api('readdir', ({ dirPath }) => ({ files: list(dirPath) })),
        getFileInfo: api('getFileInfo', ({ filePath }) => ({ size: read(filePath).length }))
    };

    const listeners = { privacy: null, theme: new Set() };
    let agreed = false;
    let asking = [];

    /* An interface that needs the consent to the privacy guide. */
    function guarded(name, work) {
        return api(name, async (options) => {
            if (app.__usePrivacyCheck__ && !agreed && !await window.native('privacyKnown')) {
                const answer = await new Promise((resolve) => {
                    asking.push(resolve);
                    listeners.privacy?.(({ event }) => {
                        if (event === 'agree' || event === 'disagree') {
                            asking.splice(0).forEach((one) => one(event));
                        }
                    }, { referrer: name });
                });

                if (answer !== 'agree') {
                    throw Object.assign(new Error('privacy permission is not authorized'),
                        { extra: { errno: 104 } });
                }

                agreed = true;
                await window.native('privacyAgreed');
            }

            return work(options);
        });
    }

    const move = (kind) => api(kind, (options) => {
        const why = navigate(kind, options);

        if (why) {
            throw new Error(why);
        }
    });

    function canvasFile({ canvas, fileType = 'png', quality = 1, x = 0, y = 0, width, height,
        destWidth, destHeight }) {
        const [w, h] = [width || canvas.width, height || canvas.height];
        const out = document.createElement('canvas');

        out.width = destWidth || w;
        out.height = destHeight || h;
        out.getContext('2d').drawImage(canvas, x, y, w, h, 0, 0, out.width, out.height);

        const url = out.toDataURL(fileType === 'jpg' ? 'image/jpeg' : 'image/png', quality);

        return { tempFilePath: temporary(fromBase64(url.split(',')[1]), fileType) };
    }

    function selectorQuery() {
        const asked = [];
        let owner = topPage()?.caller;
        const query = {
            in(component) { owner = component; return query; },
            select(selector) {
                const push = (fields, callback) => { asked.push({ selector, owner, fields, callback }); return query; };

                return {
                    fields: push,
                    boundingClientRect: (callback) => push({ rect: true, size: true }, callback)
                };
            },
            exec(callback) {
                setTimeout(() => {
                    const all = asked.map(({ selector, owner: of, fields, callback: one }) => {
                        const found = of._$.getShadowRoot().querySelector(selector);
                        const host = found?.getBackendElement();
                        const result = host ? describe(host, fields) : null;

                        one?.(result);

                        return result;
                    });

                    callback?.(all);
                }, LATER_MS);
            }
        };

        return query;
    }

    function describe(host, fields) {
        const { left, top, right, bottom, width, height } = host.getBoundingClientRect();

        return {
            ...(fields.rect && { left, top, right, bottom }),
            ...((fields.size || fields.rect) && { width, height }),
            ...(fields.node && { node: dressed(host.querySelector('canvas')) })
        };
    }

    /* What a canvas of WeChat has and one of the browser has not. */
    function dressed(canvas) {
        canvas.createImage = () => {
            const image = new Image();
            const put = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src').set;

            Object.defineProperty(image, 'src', { set: (path) => put.call(image, fileUrl(path)) });

            return image;
        };

        canvas.getContext = (kind) =>
            HTMLCanvasElement.prototype.getContext.call(canvas, kind, { willReadFrequently: true });

        return canvas;
    }

    const PREFIX = 'storage ';
    const storage = {
        getStorageSync(key) {
            const text = localStorage.getItem(PREFIX + key);

            return text === null ? '' : JSON.parse(text);
        },
        setStorageSync: (key, value) => localStorage.setItem(PREFIX + key, JSON.stringify(value)),
        removeStorageSync: (key) => localStorage.removeItem(PREFIX + key)
    };

    const appearance = matchMedia('(prefers-color-scheme: dark)');
    const language = () => (navigator.language.startsWith('zh') ? 'zh_CN' : 'en');
    const fontSize = Number(new URLSearchParams(location.search).get('font') || 16);

    function paintBar() {
        const dark = appearance.matches ? 'dark' : 'light';
        const value = (words) => (String(words).startsWith('@')
            ? theme[dark]?.[words.slice(1)] : words);

        document.documentElement.style.setProperty('--bar',
            value(app.window?.navigationBarBackgroundColor || '#fff'));
        document.documentElement.style.setProperty('--bar-text',
            value(app.window?.navigationBarTextStyle || 'black'));
    }

    appearance.addEventListener('change', paintBar);
    paintBar();

    return {
        fontSize, ...storage, request, downloadFile,
        agreed: () => { agreed = true; },
        interrupt: () => [...running.values()].forEach((end) => end('interrupted')),
        env: { USER_DATA_PATH: USER },
        getFileSystemManager: () => files,
        createSelectorQuery: selectorQuery,
        canIUse: () => true,
        getAppBaseInfo: () => ({
            language: language(), theme: appearance.matches ? 'dark' : 'light',
            fontSizeSetting: fontSize, SDKVersion: '3.8.0', version: '8.0.50'
        }),
        getWindowInfo: () => ({
            windowWidth: innerWidth, windowHeight: innerHeight, pixelRatio: devicePixelRatio
        }),
        getDeviceInfo: () => ({ platform: 'android' }),
        navigateTo: move('navigateTo'), redirectTo: move('redirectTo'),
        reLaunch: move('reLaunch'), navigateBack: move('navigateBack'),
        setNavigationBarTitle: api('setNavigationBarTitle', ({ title }) => {
            topPage().title = title;
            document.getElementById('title').textContent = title;
        }),
        hideHomeButton: api('hideHomeButton', () => {}),
        pageScrollTo: api('pageScrollTo', ({ scrollTop = 0, selector }) => {
            const found = selector && topPage().component.getShadowRoot().querySelector(selector);

            if (found) {
                found.getBackendElement().scrollIntoView({ block: 'center' });
            } else {
                scrollTo(0, scrollTop);
            }
        }),
        chooseMedia: guarded('chooseMedia', async (options) => {
            const picture = await window.native('choose', {
                sourceType: options.sourceType, sizeType: options.sizeType
            });

            if (!picture) {
                throw new Error('cancel');
            }

            const bytes = fromBase64(picture);

            return {
                type: 'image',
                tempFiles: [{ tempFilePath: temporary(bytes, 'jpg'), size: bytes.length, fileType: 'image' }]
            };
        }),
        saveImageToPhotosAlbum: guarded('saveImageToPhotosAlbum', ({ filePath }) =>
            window.native('album', toBase64(read(filePath)))),
        setClipboardData: guarded('setClipboardData', ({ data }) => window.native('clipboard', data)),
        canvasToTempFilePath: api('canvasToTempFilePath', canvasFile),
        openDocument: api('openDocument', ({ filePath, fileType, showMenu }) =>
            window.native('document', { filePath, fileType, showMenu, data: toBase64(read(filePath)) })),
        shareFileMessage: api('shareFileMessage', ({ filePath, fileName }) =>
            window.native('share', { fileName, data: toBase64(read(filePath)) })),
        makePhoneCall: api('makePhoneCall', ({ phoneNumber }) => window.native('call', phoneNumber)),
        openSetting: api('openSetting', () => ({ authSetting: {} })),
        openPrivacyContract: api('openPrivacyContract', () => window.native('contract')),
        onNeedPrivacyAuthorization: (listener) => { listeners.privacy = listener; },
        getPrivacySetting: api('getPrivacySetting', async () => ({
            needAuthorization: !agreed && !await window.native('privacyKnown'),
            privacyContractName: '《用户隐私保护指引》'
        })),
        exitMiniProgram: api('exitMiniProgram', () => window.native('exit')),
        onThemeChange: () => {}, vibrateShort: api('vibrateShort', () => {}),
        nextTick: (work) => setTimeout(work, 0),
        onNetworkStatusChange: () => {}, getNetworkType: api('getNetworkType', () => ({ networkType: 'wifi' })),
        getUpdateManager: () => ({ onUpdateReady() {}, applyUpdate() {} })
    };
}
