/*
 * What stands between the member and the certificate, as a prompt at the
 * button (S34, S35): the profile first names what is missing and leads to
 * it; the rest is said with its words.
 * Depends on api.js, dialog.js, dom.js, member.js, problem.js, router.js.
 */

import { getMember } from '../api.js';
import { h } from '../dom.js';
import { go } from '../router.js';
import { label, t } from '../text.js';
import { prompt } from './dialog.js';
import { instituteOnly, missingFields } from './member.js';
import { promptProblem, wordsOf } from './problem.js';

async function items(errors) {
    try {
        const member = await getMember();

        return missingFields(member).map((field) => h('li', {}, h('strong', {}, label(field)),
            field.editable ? null : instituteOnly(member)));
    } catch {
        return errors.map((error) => h('li', {}, wordsOf(error)));
    }
}

async function promptProfile(errors) {
    const list = await items(errors.filter(({ code }) => code !== 'profile_incomplete'));

    await prompt({
        body: [h('p', { class: 'lead' }, t('incomplete')),
            list.length ? [h('p', { class: 'aside' }, t('incomplete_items')),
                h('ul', { class: 'missing-list' }, list)] : null]
    });
    go('profile');
}

/* Shows the first kind of blocker; answers the place it is settled at. */
export async function promptBlockers(blockers) {
    const at = (where) => blockers.filter((blocker) => blocker.where === where);
    const [profile, rest] = [at('profile'), blockers.filter(({ where }) => where !== 'profile')];
    const status = rest.filter(({ code }) => code === 'member_not_active');

    if (status.length) {
        await promptProblem({ errors: status });
    } else if (profile.length) {
        await promptProfile(profile);
        return 'profile';
    } else {
        await promptProblem({ errors: rest });
    }

    return at('photo').length ? 'photo' : 'institute';
}
