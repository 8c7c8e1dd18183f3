/*
 * The mini program in a browser: its modules, its app, its pages one over
 * the other.  What WeChat does around the pages stands here; wx.js holds the
 * interface, tags.js the built-in tags.
 */

import * as glassEasel from 'glass-easel';

import { MiniProgramEnv } from '/adapter.js';
import { app, appStyle, modules, parts, styles, tags, templates, theme } from '/bundle.js';
import { defineTags } from '/tags.js';
import { makeWx } from '/wx.js';

const TOUCHES = ['touchstart', 'touchmove', 'touchend', 'touchcancel'];
const STACK_MOST = 10;

const loaded = new Map();
const stack = [];
const appObject = {};
const wx = makeWx({ app, theme, stack, topPage, navigate, lifecycle });

window.wx = wx;
window.getApp = () => appObject;
window.getCurrentPages = () => stack.map((entry) => entry.caller);
window.App = (options) => Object.assign(appObject, options);

function requireFrom(from) {
    return (name) => {
        const base = name.startsWith('/') ? 'http://x/' : `http://x/${from}`;
        const path = new URL(name, base).pathname.slice(1).replace(/(\.js)?$/, '.js');

        return load(path);
    };
}

function load(path) {
    if (!loaded.has(path)) {
        const module = { exports: {} };

        if (!modules[path]) {
            throw new Error(`no module ${path}`);
        }

        loaded.set(path, module);
        modules[path](requireFrom(path), module, module.exports);

        if (path === 'config.js') {     // as an institute would
            module.exports.config.origin = window.__host;
        }
    }

    return loaded.get(path).exports;
}

/* --- components */

const env = new MiniProgramEnv();
const backend = new glassEasel.CurrentWindowBackendContext();

/* <view> is <wx-view> in the document; an <input> there is one of the browser. */
backend.document = {
    createElement(name) {
        const tag = name.startsWith('native-') ? name.slice('native-'.length)
            : tags.includes(name) ? `wx-${name}` : name;

        return document.createElement(tag);
    },
    createTextNode: (text) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment()
};

backend.onEvent((target, type, detail, options) => {
    const extraFields = TOUCHES.includes(type)
        ? { touches: detail.touches, changedTouches: detail.changedTouches } : {};
    const event = new glassEasel.Event(type, detail, { ...options, extraFields });

    glassEasel.Event.dispatchEvent(target, event);

    return event.getEventBubbleStatus();
});

const template = (name) => ({ groupList: templates, content: templates[name] });
const builtIn = env.getGlobalCodeSpace();

defineTags(builtIn, tags, template);

const associated = env.associateBackend(backend);
const space = env.createCodeSpace('', true);

for (const tag of tags) {
    space.getComponentSpace().setGlobalUsingComponent(tag,
        builtIn.getComponentSpace().getComponentByUrl(`built-in/${tag}`, ''));
}

space.addStyleSheet('app', 'app');
associated.registerStyleSheetContent('app', appStyle);

for (const [name, { json, page }] of Object.entries(parts)) {
    space.addComponentStaticConfig(name, page ? json : { ...json, component: true });
    space.addStyleSheet(name, name, styles[name].scope);
    associated.registerStyleSheetContent(name, styles[name].css);
    space.addCompiledTemplate(name, template(name));
}

for (const name of Object.keys(parts).reverse()) {      // components first
    space.globalComponentEnv(window, name, () => load(`${name}.js`));
}

/* --- pages */

function call(entry, name, ...words) {
    if (typeof entry.caller[name] === 'function') {
        return entry.caller[name](...words);
    }

    return undefined;
}

function bar() {
    const top = stack.at(-1);
    const title = top.title ?? parts[top.route].json.navigationBarTitleText
        ?? app.window?.navigationBarTitleText ?? '';

    document.getElementById('title').textContent = title;
    document.getElementById('back').hidden = stack.length < 2;
}

function topPage() {
    return stack.at(-1);
}

function lifecycle(entry, shown) {
    call(entry, shown ? 'onShow' : 'onHide');
    entry.component.triggerPageLifetime(shown ? 'show' : 'hide', []);
}

function hideTop() {
    const top = stack.at(-1);

    if (top) {
        lifecycle(top, false);
        top.element.hidden = true;
    }
}

function showTop() {
    const top = stack.at(-1);

    top.element.hidden = false;
    bar();
    lifecycle(top, true);
}

function close(entry) {
    call(entry, 'onUnload');
    entry.root.release();
    entry.element.remove();
}

function open(url) {
    const [route, words = ''] = url.replace(/^\//, '').split('?');

    if (!parts[route]?.page) {
        throw new Error(`no page ${route}`);
    }

    const query = Object.fromEntries(words.split('&').filter(Boolean).map((pair) => {
        const [key, value = ''] = pair.split('=');

        return [key, value];
    }));
    const element = document.createElement('page');
    const place = document.createElement('div');

    document.getElementById('stack').append(element);
    element.append(place);
    element.dataset.route = route;

    const root = associated.createRoot('view', space, route);
    const component = root.getComponent();
    const entry = { route, query, root, component, element, caller: root.get() };

    entry.caller.route = route;
    entry.caller.options = query;
    stack.push(entry);
    root.attach(element, place);
    bar();
    call(entry, 'onLoad', query);

    if (stack.includes(entry)) {
        lifecycle(entry, true);
        call(entry, 'onReady');
    }
}

/* The page moves of wx; answers why not, or nothing. */
function navigate(kind, { url, delta = 1 } = {}) {
    switch (kind) {
    case 'navigateTo':
        if (stack.length >= STACK_MOST) {
            return 'webview count limit exceed';
        }

        hideTop();
        open(url);
        break;
    case 'redirectTo':
        close(stack.pop());
        open(url);
        break;
    case 'reLaunch':
        while (stack.length) {
            close(stack.pop());
        }

        open(url);
        break;
    default:
        for (let n = Math.min(delta, stack.length - 1); n > 0; n -= 1) {
            close(stack.pop());
        }

        showTop();
    }

    return '';
}

document.getElementById('back').addEventListener('click', () => wx.navigateBack());

load('app.js');
appObject.onLaunch?.({ path: app.pages[0], query: {}, scene: 1001 });
appObject.onShow?.({ path: app.pages[0], query: {}, scene: 1001 });
open(app.pages[0]);

/* For the tests: the member leaves WeChat, and comes back. */
window.background = () => {
    appObject.onHide?.();
    lifecycle(topPage(), false);
    wx.interrupt();
};
window.foreground = () => {
    appObject.onShow?.({});
    lifecycle(topPage(), true);
};
