/*
 * Telephone numbers in texts.  "010-88250337/0338" is two numbers: what
 * follows a slash replaces the end of the number before it.
 * Depends on nothing.
 */

const IN_TEXT = /(\d{3,4}-\d{7,8}(?:\/\d{2,8})*)/;

/* [{ shown, digits }] of a text that is numbers. */
export function numbers(text) {
    let last = '';

    return String(text || '').split(/[/、／]/).map((part) => {
        const digits = part.replace(/[^\d+]/g, '');

        last = digits.length < last.length && digits.length <= 4
            ? last.slice(0, -digits.length) + digits : digits;

        return { shown: part, digits: last };
    });
}

/* The same with what stands between them: digits '' is plain text. */
export function numberParts(text) {
    return numbers(text).flatMap((one, i) =>
        (i > 0 ? [{ shown: '/', digits: '' }, one] : [one]));
}

/* Any text, its numbers apart. */
export function textParts(text) {
    return String(text || '').split(IN_TEXT)
        .flatMap((part, i) => (i % 2 ? numberParts(part) : [{ shown: part, digits: '' }]))
        .filter(({ shown }) => shown !== '');
}
