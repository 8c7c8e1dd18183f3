/*
 * A PDF somebody was given, compared with what was issued.  It is read here
 * and sent nowhere: its SHA-256 against those the service has, the picture
 * in it against the one that was signed.
 * Depends on hash.js, pdf.js, text.js, the site's dom.js.
 */

import { fill, h } from '/js/dom.js';
import { digest } from './hash.js';
import { LARGEST, readPdf } from './pdf.js';
import { t } from './text.js';

const line = (kind, key) => h('p', { class: kind, 'data-found': key }, t(key));

/* The picture: [kind, words].  In a file that was changed it may be there and
 * something else be shown. */
async function pictureWords({ pictures }, { statement, sign }, issued) {
    if (!statement) {
        return ['plain', 'picture_unsigned'];
    }

    const hashes = await Promise.all(pictures.map((one) => (one ? digest(one) : '')));

    if (!hashes.length) {
        return ['warn', 'picture_none'];
    }

    if (!hashes.every((hash) => hash.startsWith(statement.photo))) {
        return ['bad', 'picture_other'];
    }

    return sign !== 'true' ? ['warn', 'photo_unproved']
        : issued ? ['good', 'picture_same'] : ['plain', 'picture_held'];
}

function fileWords(hash, answer) {
    if (!answer?.files) {
        return ['warn', 'file_no_list'];
    }

    return answer.files.includes(hash) ? ['good', 'file_same'] : ['bad', 'file_other'];
}

/* Lines about the file. */
async function findings(file, result) {
    const bytes = file.size && file.size <= LARGEST
        ? new Uint8Array(await file.arrayBuffer()) : null;
    const pdf = bytes && readPdf(bytes);

    if (!pdf) {
        return [line('bad', 'file_unread')];
    }

    const words = fileWords(await digest(bytes), result.answer);

    return [line(...words),
        line(...await pictureWords(pdf, result, words[1] === 'file_same'))];
}

export function fileCard(result) {
    const said = h('div', { class: 'said', 'aria-live': 'polite' });
    let last = 0;

    async function read(file) {
        const mine = last += 1;

        fill(said, h('p', {}, t('file_reading')));

        const lines = await findings(file, result).catch(() => [line('bad', 'file_unread')]);

        if (mine === last) {
            fill(said, h('p', { class: 'aside file-name' }, file.name), lines);
        }
    }

    const input = h('input', {
        type: 'file', id: 'pdf', class: 'unseen', accept: 'application/pdf,.pdf',
        onchange: () => input.files[0] && read(input.files[0])
    });
    const over = (on) => (event) => {
        event.preventDefault();
        place.classList.toggle('over', on);
    };
    const place = h('label', {
        class: 'drop', for: 'pdf', ondragover: over(true), ondragleave: over(false),
        ondrop(event) {
            over(false)(event);

            if (event.dataTransfer.files[0]) {
                read(event.dataTransfer.files[0]);
            }
        }
    }, h('span', { class: 'button' }, t('file_choose')), h('span', { class: 'aside' }, t('file_drop')));

    return h('section', { class: 'card file' }, h('h2', {}, t('file')),
        h('p', { class: 'aside' }, t('file_lead')), input, place, said);
}
