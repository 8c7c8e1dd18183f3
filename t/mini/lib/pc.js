'use strict';

/* The same member at the web site, as its browser does it: cookie and fetch. */

async function pdfOf(url, number, password = 'membercert-2026') {
    const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
    const login = await fetch(`${url}/api/session`, {
        method: 'POST', headers,
        body: JSON.stringify({ user_type: 'nonpractising', member_no: number, password, client: 'web' })
    });

    if (!login.ok) {
        throw new Error(`log-in at the web site: ${login.status} ${await login.text()}`);
    }

    /* several in one line, as node 18 gives them; none has a comma inside */
    const cookie = login.headers.get('set-cookie').split(',').map((one) => one.split(';')[0].trim()).join('; ');
    const ask = (path, options = {}) =>
        fetch(`${url}/api/${path}`, { ...options, headers: { ...headers, cookie } });
    const { version } = await (await ask('certificate')).json();
    const confirmed = await ask('certificate', { method: 'POST', body: JSON.stringify({ version }) });

    if (!confirmed.ok) {
        throw new Error(`confirming at the web site: ${confirmed.status}`);
    }

    return Buffer.from(await (await ask('certificate.pdf')).arrayBuffer());
}

module.exports = { pdfOf };
