/*
 * A file handed to the browser to be saved on the device (S17), and how
 * large files are named.
 * Depends on dom.js.
 */

import { h } from '../dom.js';

const HOLD_MS = 60000;

export function saveFile({ blob, name }) {
    const url = URL.createObjectURL(blob);
    const link = h('a', { href: url, download: name || 'membercert.pdf', class: 'unseen' });

    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), HOLD_MS);
}

export const sizeWords = (bytes) => `${Math.ceil(bytes / 1024)} KB`;
