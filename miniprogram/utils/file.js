/*
 * Files of the member in the folder WeChat gives the program: the last
 * certificate, so that it can be shown and forwarded under its name.  They
 * go when the next comes and when the member logs out.
 * Depends on nothing.
 */

const folder = () => wx.env.USER_DATA_PATH;

const files = () => wx.getFileSystemManager();

export const pathOf = (name) => `${folder()}/${name}`;

/* A name the file systems of all phones take. */
export function safeName(name, fallback) {
    const clean = String(name || '').replace(/[\\/:*?"<>|\u0000-\u001f]/g, '_')
        .replace(/^\.+/, '').trim();

    return clean || fallback;
}

function listed() {
    return new Promise((resolve) => {
        files().readdir({
            dirPath: folder(), success: (result) => resolve(result.files), fail: () => resolve([])
        });
    });
}

function removed(name) {
    return new Promise((resolve) => {
        files().unlink({ filePath: pathOf(name), complete: () => resolve() });
    });
}

export async function dropFiles() {
    const names = await listed();

    await Promise.all(names.filter((name) => /\.(pdf|jpg|png)$/i.test(name)).map(removed));
}

export function writeFile(name, data) {
    return new Promise((resolve, reject) => {
        files().writeFile({
            filePath: pathOf(name), data,
            success: () => resolve(pathOf(name)), fail: reject
        });
    });
}
