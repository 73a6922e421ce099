#!/usr/bin/env python3
"""Writes an OCI image as an archive, with nothing but Python: no daemon, no registry, no build service.

    archive.py OUT.tar NAME:TAG [--base OTHER.tar] [--tree FOLDER] [--file FROM=TO[:MODE]]... [--folder PATH[:MODE]]...
               [--entrypoint WORD]... [--command WORD]... [--env NAME=VALUE]... [--user UID:GID] [--stop-signal SIGNAL]
               [--label NAME=VALUE]...

The image has one layer (after those of the base, an archive that this program wrote): the tree with its owners, then the
files and folders, root's. The same input gives the same bytes. `ctr images import`, `docker load`, `podman load`,
`kind load image-archive` and `skopeo copy oci-archive:` read it.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import platform
import tarfile

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Layer:
    """A tar of files whose parents are there, with nothing in it that differs from build to build."""

    def __init__(self):
        self.buffer = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.buffer, mode="w", format=tarfile.PAX_FORMAT)
        self.folders = set()

    def tree(self, folder):
        def plain(entry):
            entry.uname = entry.gname = ""
            entry.mtime = 0
            if entry.isdir():
                self.folders.add(entry.name)
            return entry

        for name in sorted(os.listdir(folder)):
            self.tar.add(os.path.join(folder, name), name, filter=plain)

    def folder(self, path, mode=0o755, owner=(0, 0)):
        path = path.strip("/")
        if not path or path in self.folders:
            return
        self.folder(os.path.dirname(path))
        entry = tarfile.TarInfo(path)
        entry.type, entry.mode, (entry.uid, entry.gid) = tarfile.DIRTYPE, mode, owner
        self.tar.addfile(entry)
        self.folders.add(path)

    def file(self, source, path, mode):
        path = path.strip("/")
        self.folder(os.path.dirname(path))
        entry = tarfile.TarInfo(path)
        with open(source, "rb") as content:
            entry.size, entry.mode = os.fstat(content.fileno()).st_size, mode
            self.tar.addfile(entry, content)

    def bytes(self):
        self.tar.close()
        return self.buffer.getvalue()


class Blobs:
    """Contents by their hash, as an OCI layout keeps them."""

    def __init__(self):
        self.contents = {}

    def put(self, content, kind):
        digest = hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(content)}


def read_base(path, blobs):
    """The layers of an archive, and what its configuration says; the layers' contents go to `blobs`."""
    with tarfile.open(path) as archive:
        def content(name):
            return archive.extractfile(name).read()

        def blob(descriptor):
            return content("blobs/" + descriptor["digest"].replace(":", "/"))

        manifest = json.loads(blob(json.loads(content("index.json"))["manifests"][0]))
        for layer in manifest["layers"]:
            blobs.contents[layer["digest"].split(":")[1]] = blob(layer)
        return manifest["layers"], json.loads(blob(manifest["config"]))


def whole(name):
    """A name as the runtimes know it: `weir:1` is `docker.io/library/weir:1` to them."""
    first, slash, _ = name.partition("/")
    if not slash:
        return "docker.io/library/" + name
    return name if "." in first or ":" in first or first == "localhost" else "docker.io/" + name


def mode_of(text, usual):
    path, _, mode = text.partition(":")
    return path, int(mode, 8) if mode else usual


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("name")
    parser.add_argument("--base")
    parser.add_argument("--tree")
    for repeated in ("file", "folder", "entrypoint", "command", "env", "label"):
        parser.add_argument(f"--{repeated}", action="append", default=[])
    parser.add_argument("--user", default="")
    parser.add_argument("--stop-signal", default="")
    given = parser.parse_args()

    blobs, layers, config = Blobs(), [], {"config": {}, "rootfs": {"diff_ids": []}}
    if given.base:
        layers, config = read_base(given.base, blobs)

    layer = Layer()
    if given.tree:
        layer.tree(given.tree)
    owner = tuple(int(part) for part in given.user.split(":")) if given.user else (0, 0)
    for folder in given.folder:
        layer.folder(*mode_of(folder, 0o755), owner=owner)
    for file in given.file:
        source, _, target = file.partition("=")
        layer.file(source, *mode_of(target, 0o755))
    content = layer.bytes()
    layers = layers + [blobs.put(gzip.compress(content, 1, mtime=0), "layer.v1.tar+gzip")]

    settings = config["config"]
    settings["Env"] = settings.get("Env", [PATH]) + given.env
    settings["WorkingDir"] = "/"
    for key, value in (("Entrypoint", given.entrypoint), ("Cmd", given.command), ("User", given.user),
                       ("StopSignal", given.stop_signal)):
        if value:
            settings[key] = value
    if given.label:
        settings["Labels"] = dict(label.split("=", 1) for label in given.label)
    diffs = config["rootfs"]["diff_ids"] + ["sha256:" + hashlib.sha256(content).hexdigest()]
    machine = MACHINES[platform.machine()]
    described = {"created": "1970-01-01T00:00:00Z", "architecture": machine, "os": "linux", "config": settings,
                 "rootfs": {"type": "layers", "diff_ids": diffs}}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": blobs.put(json.dumps(described).encode(), "config.v1+json"), "layers": layers}
    entry = blobs.put(json.dumps(manifest).encode(), "manifest.v1+json")
    entry["platform"] = {"architecture": machine, "os": "linux"}
    entry["annotations"] = {"io.containerd.image.name": whole(given.name),
                            "org.opencontainers.image.ref.name": given.name.rpartition(":")[2]}
    files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
             "index.json": json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode()}
    files |= {f"blobs/sha256/{digest}": content for digest, content in blobs.contents.items()}
    with tarfile.open(given.out, "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, io.BytesIO(content))


main()
