'use strict';

/* From the file on paper to the check page, as a phone's camera goes (X05). */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');

const { Checker, confirm, logIn } = require('../lib/checks.js');
const { Desk } = require('../lib/desk.js');

const NUMBER = '330000094001';
const NAME = '沈星回';

/* The address in the QR code of the file's page, as a phone reads it. */
function qrOf(demo, pdf) {
    const file = demo.file('scan.pdf');

    fs.writeFileSync(file, pdf);
    execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', file, demo.file('scan')]);

    return execFileSync('zbarimg', ['-q', '--raw', demo.file('scan.png')],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

module.exports = async ({ assert, browser, demo, test }) => {
    const desk = new Desk(demo, browser);

    desk.people([[NUMBER, NAME, '33', '2019-06-18']]);

    const photos = demo.file('scan-photos');

    fs.mkdirSync(photos);
    fs.chmodSync(photos, 0o755);
    fs.writeFileSync(`${photos}/${NUMBER}.jpg`, demo.portrait(20));
    demo.ctl('import', 'photos', photos);

    const holder = await logIn(demo.url, NUMBER);
    const { code } = await confirm(holder);

    await test('X05 the QR code of the file leads to the check page with the signed statement', async () => {
        const pdf = await holder('GET', 'certificate.pdf');
        const address = qrOf(demo, pdf);
        const { statement } = await (await fetch(`${demo.url}/api/verify/${code}`)).json();
        const phone = await browser.member({ width: 390, height: 844 });
        const check = new Checker(phone, demo.url);

        assert.equal(address, `${demo.url}/v/#${statement}`);
        assert.equal(await check.scan(address.split('#')[1]), 'valid');
        assert.equal(await check.sign(), 'true');
        assert.deepEqual((await check.facts()).name, [NAME, NAME]);
        assert.deepEqual(await check.file('file.pdf', pdf), ['file_same', 'picture_same']);
        await phone.leave();
    });
};
