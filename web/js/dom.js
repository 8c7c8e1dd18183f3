/*
 * Elements made in one expression: h('p', { class: 'note' }, 'text', child).
 * Names that begin with "on" are event handlers; false and null leave an
 * attribute or a child out.  Text is always text, never markup.
 * Depends on nothing.
 */

export function h(name, attributes = {}, ...children) {
    const element = document.createElement(name);

    for (const [key, value] of Object.entries(attributes)) {
        if (value === false || value === null || value === undefined) {
            continue;
        }

        if (key.startsWith('on')) {
            element.addEventListener(key.slice(2), value);
        } else if (key === 'value') {
            element.value = value;
        } else {
            element.setAttribute(key, value === true ? '' : value);
        }
    }

    element.append(...children.flat(2).filter((child) => child || child === 0));

    return element;
}

export function fill(element, ...children) {
    element.replaceChildren(...children.flat(2).filter(Boolean));

    return element;
}

let count = 0;

/* An id nobody else has. */
export function id(name) {
    count += 1;

    return `${name}-${count}`;
}
