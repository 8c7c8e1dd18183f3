/*
 * What the desk has in hand while its pages change: the case, the member,
 * the last search.  In memory only, and gone when another officer logs in.
 * Depends on nothing.
 */

const empty = () => ({
    caseId: null, member: null, from: 'search', text: '', list: null, done: 0
});

let owner = null;
let present = empty();

export const desk = () => present;

export function ownDesk(name) {
    if (name !== owner) {
        owner = name;
        present = empty();
    }
}

export function clearDesk() {
    owner = null;
    present = empty();
}
