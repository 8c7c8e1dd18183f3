/*
 * The photo's place on the certificate page: the picture or the words of why
 * there is none, where its comparison stands, 【上传照片】 (2.2-1, 2.2-2).
 * Depends on api.js, dom.js, photo-state.js, text.js.
 */

import { getPhoto } from '../api.js';
import { fill, h } from '../dom.js';
import { t } from '../text.js';
import { isWaiting, stateKind, stateWords } from './photo-state.js';

/* None, being checked, or lost to a fault of the store (S20); null: there is
 * a picture. */
function emptyWords({ has_photo: has, photo_readable: readable, blockers, photo }) {
    if (blockers.some(({ code }) => code === 'photo_unavailable') || (has && !readable)) {
        return 'photo_failed';
    }

    if (has) {
        return null;
    }

    return isWaiting(photo) ? 'photo_waiting' : 'photo_empty';
}

export class PhotoPlace {
    constructor(signal, onUpload) {
        this.signal = signal;
        this.onUpload = onUpload;
        this.photo = h('div', { class: 'photo' });
        this.state = h('div', { class: 'photo-state', 'aria-live': 'polite' });
        this.action = h('div', { class: 'photo-action' });
        this.element = h('div', { class: 'photo-side' }, this.photo, this.state, this.action);
        signal.addEventListener('abort', () => this.release());
    }

    /* "view" is the answer of GET certificate. */
    draw(view) {
        const words = emptyWords(view);

        if (words) {
            this.empty(words);
        } else {
            this.load(view.fields[0].value);
        }

        this.drawState(view.photo);
        this.drawAction(view.photo, !words);
    }

    release() {
        if (this.url) {
            URL.revokeObjectURL(this.url);
            this.url = null;
        }
    }

    empty(words) {
        fill(this.photo, h('p', { class: 'photo-empty' }, t(words)));
        this.photo.classList.remove('filled');
    }

    async load(name) {
        try {
            const { blob } = await getPhoto(this.signal);

            this.release();
            this.url = URL.createObjectURL(blob);
            fill(this.photo, h('img', {
                src: this.url, width: 178, height: 220, alt: t('photo_alt', { name })
            }));
            this.photo.classList.add('filled');
        } catch (problem) {
            this.empty(problem.code === 'photo_none' ? 'photo_empty' : 'photo_failed');
        }
    }

    drawState(photo) {
        const words = stateWords(photo);

        this.state.className = `photo-state ${words ? stateKind(photo) : ''}`;
        fill(this.state, words ? [words].flat() : []);
    }

    drawAction(photo, shown) {
        const quiet = shown || isWaiting(photo);

        fill(this.action, photo.may_upload
            ? h('button', {
                type: 'button', id: 'upload', class: quiet ? 'button quiet' : 'button main',
                onclick: this.onUpload
            }, t(shown ? 'photo_replace' : 'photo_upload'))
            : null);
    }

    /* No result in all the time the page looked for one. */
    askAgain(onLook) {
        this.state.append(h('p', {}, t('state_pending_long')),
            h('button', { type: 'button', class: 'plain', onclick: onLook }, t('state_look')));
    }

    focus() {
        this.action.querySelector('button')?.focus();
    }
}
