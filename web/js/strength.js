/*
 * How hard a password is to guess, roughly, as a hint while it is typed; the
 * service decides.  Counts what a guesser would have to find out: runs,
 * repetitions, neighbours on the keyboard, years and well-known words tell
 * him almost nothing.
 * Depends on nothing; runs under Node as well.
 */

const KNOWN = ['password', 'passw0rd', 'qwerty', 'admin', 'letmein', 'welcome', 'iloveyou',
    'woaini', 'aini', 'mima', 'nihao', 'zhongguo', 'beijing', 'shanghai', 'huiyuan', 'kuaiji',
    'zhuce', 'abc123', '1qaz2wsx', '1q2w3e4r', '5201314', '1314', '520', '888', '666', '168'];
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890', '1qaz', '2wsx', '3edc', '4rfv'];

const CLASSES = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[!-/:-@[-`{-~ ]/, 33],
    [/[^ -~]/, 200]];

const LEVELS = [30, 45, 62];    // bits: weak below, then fair, good, strong

export const MAX_LEVEL = LEVELS.length + 1;

/* Lower and upper case, digits, signs: the classes of the stricter profile. */
export function classesOf(password) {
    return CLASSES.slice(0, 3).filter(([test]) => test.test(password)).length
        + (/[^a-zA-Z0-9]/.test(password) ? 1 : 0);
}

export const lengthOf = (password) => [...password].length;

/* "abcabcabc" is worth what "abc" is. */
function period(text) {
    for (let n = 1; n <= text.length / 2; n += 1) {
        if (text.slice(n) === text.slice(0, -n)) {
            return text.slice(0, n);
        }
    }

    return text;
}

const near = (a, b) => ROWS.some((row) => {
    const [i, j] = [row.indexOf(a), row.indexOf(b)];

    return i >= 0 && j >= 0 && Math.abs(i - j) <= 1;
}) || Math.abs(a.codePointAt(0) - b.codePointAt(0)) <= 1;

/* Letters that tell something: each start of a run, a little of the rest. */
function surprises(text) {
    return [...text].reduce((sum, letter, i, all) =>
        sum + (i > 0 && near(all[i - 1], letter) ? 0.2 : 1), 0);
}

/* "own" are words a guesser knows of this person: number, name. */
export function bitsOf(password, own = []) {
    const pool = CLASSES.filter(([test]) => test.test(password))
        .reduce((sum, [, size]) => sum + size, 0);
    let rest = period(password.toLowerCase());

    for (const word of [...own, ...KNOWN].filter((one) => one.length > 2)) {
        rest = rest.replaceAll(word.toLowerCase(), '\u0000');
    }

    rest = rest.replace(/(19|20)\d\d/g, '\u0000');

    return surprises(rest) * Math.log2(pool || 1);
}

/* 0 for nothing, then 1 weak to MAX_LEVEL strong. */
export function levelOf(password, own) {
    if (!password) {
        return 0;
    }

    const bits = bitsOf(password, own);

    return 1 + LEVELS.filter((least) => bits >= least).length;
}
