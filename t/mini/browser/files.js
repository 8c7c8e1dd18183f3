/* The phone's files: those of the package, temporary ones, the user's folder. */

import { files as packed } from '/bundle.js';

export const USER = 'http://usr';

const store = new Map();
const urls = new Map();
let count = 0;

const TYPES = { svg: 'image/svg+xml', png: 'image/png', jpg: 'image/jpeg', pdf: 'application/pdf' };

export const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

export function toBase64(bytes) {
    let text = '';

    for (let at = 0; at < bytes.length; at += 8192) {
        text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }

    return btoa(text);
}

const typeOf = (path) => TYPES[/\.(\w+)$/.exec(path)?.[1]] || '';

for (const [path, data] of Object.entries(packed)) {
    store.set(path, fromBase64(data));
}

export function write(path, bytes) {
    store.set(path, bytes);
    URL.revokeObjectURL(urls.get(path));
    urls.delete(path);

    return path;
}

export function temporary(bytes, kind) {
    count += 1;

    return write(`http://tmp/${count}.${kind}`, bytes);
}

export const read = (path) => store.get(path);

export function remove(path) {
    const had = store.delete(path);

    URL.revokeObjectURL(urls.get(path));
    urls.delete(path);

    return had;
}

export const list = (folder) => [...store.keys()].filter((path) => path.startsWith(`${folder}/`))
    .map((path) => path.slice(folder.length + 1));

export function fileUrl(path) {
    if (/^(data|blob):/.test(path)) {
        return path;
    }

    const name = path.startsWith('http') ? path : `/${path.replace(/^(\.\.?\/)+|^\//g, '')}`;

    if (!store.has(name)) {
        return 'data:image/png;base64,';
    }

    if (!urls.has(name)) {
        urls.set(name, URL.createObjectURL(new Blob([store.get(name)], { type: typeOf(name) })));
    }

    return urls.get(name);
}
