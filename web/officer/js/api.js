/*
 * The routes of the officer's desk (src/service/OFFICER.md).  No member
 * number in any address: what is about a member names it in the body.
 * Depends on the members' api.js, which does the calls.
 */

import { call, json } from '/js/api.js';

const named = ({ user_type, member_no }, more = {}) => json({ user_type, member_no, ...more });

export const logIn = (values) => call('POST', 'session', json(values));

/* "after" is the "next" of the page before. */
export const getQueue = (after, signal) =>
    call('GET', after ? `queue?after=${after}` : 'queue', { signal });
export const getCase = (id) => call('GET', `case/${id}`);
export const decide = (id, decision) => call('POST', `case/${id}`, json(decision));
export const getPicture = (id) => call('GET', `photo/${id}`, { kind: 'file' });

export const search = (text) => call('POST', 'search', json({ text }));
export const getMember = (who) => call('POST', 'member', named(who));
export const activateMember = (who) => call('POST', 'member/activate', named(who));
export const resetMember = (who) => call('POST', 'member/reset', named(who));
export const confirmFor = (who, version) =>
    call('POST', 'member/confirm', named(who, { version }));
export const getVersions = (who) => call('POST', 'member/certificates', named(who));
export const revoke = (serial, reason) =>
    call('POST', 'certificate/revoke', json({ serial, reason }));
export const unrevoke = (serial, reason) =>
    call('POST', 'certificate/unrevoke', json({ serial, reason }));
export const getCertificate = (who) =>
    call('POST', 'member/certificate', { ...named(who), kind: 'file' });

export function saveMember(who, revision, values) {
    const { headers, body } = named(who, { values });

    return call('POST', 'member/save', {
        headers: { ...headers, 'If-Match': `"${revision}"` }, body
    });
}

export const putPhoto = (who, file, reference) =>
    call('PUT', reference ? 'member/photo?reference=1' : 'member/photo', {
        headers: {
            'Content-Type': 'image/jpeg',
            'Membercert-Member': `${who.user_type}/${who.member_no}`
        },
        body: file
    });
