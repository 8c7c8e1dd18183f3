'use strict';

/*
 * WeChat's simulator of components under node: jsdom for a document, the
 * official compiler for templates.  One component a process: the simulator
 * keeps what it loaded.
 */

const { JSDOM } = require('jsdom');

const dom = new JSDOM('<!DOCTYPE html><html><head></head><body></body></html>', { pretendToBeVisual: true });

for (const name of ['window', 'document', 'Event', 'CustomEvent', 'Element', 'HTMLElement', 'Node', 'TouchEvent']) {
    global[name] = name === 'window' ? dom.window : dom.window[name];
}

const simulate = require('miniprogram-simulate');

const { install, load, pause, source } = require('./fake-wx.js');

/* The simulator knows components alone: a page is one whose functions are methods. */
global.Page = ({ data, behaviors, ...rest }) => {
    const methods = Object.fromEntries(Object.entries(rest).filter(([, one]) => typeof one === 'function'));
    const fields = Object.fromEntries(Object.entries(rest).filter(([, one]) => typeof one !== 'function'));

    global.Component({ data, behaviors, methods, ...fields });
};

/* "name" as in app.json, drawn with "properties" in the document. */
function draw(name, properties, answer) {
    const fake = install(answer);
    const id = simulate.load(source.file(name), name.split('/')[1], {
        rootPath: source.ROOT,
        compiler: process.arch === 'x64' ? 'official' : 'simulate'  // the official one is a binary
    });
    const component = simulate.render(id, properties);
    const parent = document.createElement('div');

    document.body.append(parent);
    component.attach(parent);

    return { component, fake, parent };
}

/* setData and events arrive later. */
const settle = (ms = 30) => pause(ms);

async function tap(component, selector, n = 0) {
    const found = component.querySelectorAll(selector);

    if (!found[n]) {
        throw new Error(`nothing is ${selector}`);
    }

    found[n].dispatchEvent('tap');
    await settle();
}

const textOf = (parent) => parent.textContent.replace(/\s+/g, ' ').trim();

module.exports = { draw, load, settle, source, tap, textOf };
