/*
 * Pages by the part of the address after "#/".  A page is a function
 * (root, signal): it fills root; signal is aborted when the page is left,
 * and whatever the page began ends with it.
 * Depends on nothing of ours.
 */

let table = {};
let before = () => null;
let after = () => {};
let leaving = new AbortController();

export const here = () => location.hash.replace(/^#\/?/, '').split('?')[0];

export function go(name) {
    if (here() === name) {
        return show();
    }

    location.hash = `#/${name}`;

    return undefined;
}

let first = true;

/* A new page is announced by the focus on its heading. */
function tell(root) {
    if (!first && !root.contains(document.activeElement)
        && !document.querySelector('dialog[open]')) {
        root.querySelector('h1')?.focus({ preventScroll: true });
    }

    first = false;
}

/* Draws the page of the address (again). */
export async function show() {
    const name = here();
    const instead = before(name, table[name]);

    if (instead !== null) {
        location.replace(`#/${instead}`);
        return;
    }

    leaving.abort();
    leaving = new AbortController();

    const { signal } = leaving;
    const root = document.getElementById('page');

    root.replaceChildren();
    after(name, table[name]);
    await table[name].page(root, signal);

    if (!signal.aborted) {
        tell(root);
    }
}

/* "guard" answers the name of the page to show instead, or null. */
export function route(pages, guard, shown) {
    table = pages;
    before = guard;
    after = shown;
    addEventListener('hashchange', show);

    return show();
}
