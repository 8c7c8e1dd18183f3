/*
 * The two photos side by side, enlarged: the upload, and what it is
 * compared with - the reference, or else the current photo; where there are
 * both, one key changes between them.
 * Depends on the site's dom.js, text.js.
 */

import { fill, h } from '/js/dom.js';
import { t } from '/js/text.js';

function frame(kind) {
    const picture = h('div', { class: 'face-frame' });
    const caption = h('figcaption', {});

    return { picture, caption, element: h('figure', { class: `face ${kind}` }, picture, caption) };
}

function empty(place, ...words) {
    place.picture.classList.remove('filled');
    fill(place.picture, h('p', { class: 'face-empty' }, words));
}

export class Faces {
    constructor(pictures) {
        this.pictures = pictures;
        this.upload = frame('face-upload');
        this.other = frame('face-other');
        this.turn = 0;
        this.element = h('div', { class: 'faces' }, this.upload.element, this.other.element);
    }

    /* Resolves to whether the upload is on the screen. */
    async draw({ photo_id: id, member }) {
        const turn = ++this.turn;

        this.name = member.name;
        this.others = [['face_reference', member.reference_photo_id],
            ['face_current', member.current_photo_id]].filter(([, one], i, all) => one
                && one !== id && !all.slice(0, i).some(([, before]) => before === one));
        this.shown = 0;

        const [seen] = await Promise.all([this.put(this.upload, 'face_upload', id, turn),
            this.drawOther(turn)]);

        return seen;
    }

    drawOther(turn = this.turn) {
        if (!this.others.length) {
            fill(this.other.caption, t('face_reference'));
            empty(this.other, t('face_none'), h('br'), t('face_none_more'));
            return Promise.resolve(false);
        }

        return this.put(this.other, ...this.others[this.shown], turn);
    }

    async put(place, key, id, turn) {
        const image = h('img', {
            alt: t('face_alt', { name: this.name, what: t(key) }), width: 178, height: 220
        });

        try {
            image.src = await this.pictures.get(id);
            await image.decode();
        } catch {
            if (turn === this.turn) {
                fill(place.caption, t(key));
                empty(place, t('face_failed'));
            }

            return false;
        }

        if (turn !== this.turn) {
            return false;
        }

        place.picture.classList.add('filled');
        fill(place.picture, image);
        fill(place.caption, t(key), place === this.other ? this.switcher() : null);

        return true;
    }

    switcher() {
        if (this.others.length < 2) {
            return null;
        }

        const [next] = this.others[1 - this.shown];

        return h('button', { type: 'button', class: 'plain', onclick: () => this.change() },
            t('face_switch', { what: t(next) }), ' ', h('kbd', {}, 'C'));
    }

    /* The other one of two to compare with. */
    change() {
        if (this.others?.length > 1) {
            this.shown = 1 - this.shown;
            this.drawOther();
        }
    }
}
