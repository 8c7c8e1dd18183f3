/*
 * What a member had not saved yet when a page was closed under them (the
 * session ended): in memory, for the same member, and nowhere else.
 * Depends on nothing.
 */

const drafts = new Map();

export const ownerOf = (member) => `${member.user_type} ${member.member_no}`;

export function putDraft(name, owner, value) {
    drafts.set(name, { owner, value });
}

/* Once; what another member left is dropped unread. */
export function takeDraft(name, owner) {
    const draft = drafts.get(name);

    drafts.delete(name);

    return draft && draft.owner === owner ? draft.value : null;
}

export function dropDrafts() {
    drafts.clear();
}
