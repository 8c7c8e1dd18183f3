/*
 * A page of the site as paragraphs: the text of its <main>, headings and
 * items told apart, nothing else of it.
 * Depends on nothing.
 */

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const BLOCK = /<(h[1-6]|p|li)\b[^>]*>([\s\S]*?)<\/\1>/gi;
const PARTS_MOST = 400;

function plain(html) {
    return html.replace(/<[^>]*>/g, '')
        .replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name) => {
            if (name[0] !== '#') {
                return ENTITIES[name] || whole;
            }

            const code = name[1] === 'x' || name[1] === 'X'
                ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);

            return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : '';
        })
        .replace(/\s+/g, ' ').trim();
}

/* [{ kind: 'title' | 'heading' | 'item' | 'text', text }]; links to leave are left out. */
export function noticeParts(html) {
    const main = /<main\b[^>]*>([\s\S]*)<\/main>/i.exec(html);
    const parts = [];
    const source = (main ? main[1] : html).replace(/<!--[\s\S]*?-->/g, '')
        .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '');

    for (const [, tag, inner] of source.matchAll(BLOCK)) {
        const text = plain(inner);
        const name = tag.toLowerCase();
        const link = /^\s*<a\b[^>]*>[^<]*<\/a>\s*$/i.test(inner);

        if (text && !link && parts.length < PARTS_MOST) {
            parts.push({
                kind: name === 'h1' ? 'title' : name[0] === 'h' ? 'heading'
                    : name === 'li' ? 'item' : 'text',
                text
            });
        }
    }

    return parts;
}
