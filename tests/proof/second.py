#!/usr/bin/env python3
"""Check proofs as vvault-proof(5) has them: a second implementation.

usage: second.py <file>...    one line each: "holds <record> <device> <time>"
                              or "refused <why>"
       second.py --each       the same for each line of standard input

Python's standard library and OpenSSL's libcrypto, for Ed25519; it shares
nothing with the program but the page.
"""
import base64
import ctypes
import ctypes.util
import hashlib
import json
import re
import sys

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
P = 2**255 - 19
ROLES = {"reader": 1, "writer": 2, "owner": 3}
TRAILERS = ("Format", "Vault", "Construct", "Device", "Seq", "Change",
            "Members", "Root", "Parents", "Note")
crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
crypto.EVP_PKEY_new_raw_public_key.restype = ctypes.c_void_p
crypto.EVP_MD_CTX_new.restype = ctypes.c_void_p


class Refused(Exception):
    pass


def need(claim, why):
    if not claim:
        raise Refused(why)


def sha256(data):
    return hashlib.sha256(data).digest()


def ed25519(public, signature, message):
    key = crypto.EVP_PKEY_new_raw_public_key(1087, None, public,
                                             ctypes.c_size_t(32))
    if not key:
        return False
    context = crypto.EVP_MD_CTX_new()
    try:
        return crypto.EVP_DigestVerifyInit(
            ctypes.c_void_p(context), None, None, None,
            ctypes.c_void_p(key)) == 1 and crypto.EVP_DigestVerify(
            ctypes.c_void_p(context), signature, ctypes.c_size_t(64), message,
            ctypes.c_size_t(len(message))) == 1
    finally:
        crypto.EVP_MD_CTX_free(ctypes.c_void_p(context))
        crypto.EVP_PKEY_free(ctypes.c_void_p(key))


def cid(head, digest):
    return "b" + base64.b32encode(head + digest).decode().lower().rstrip("=")


def record_cid(digest):
    return cid(b"\x01\x80\x04\x12\x20", digest)


def segment_name(digest):
    return cid(b"\x01\x55\x12\x20", digest)


def key_of(did):
    """The public key of a did:key, in its only spelling."""
    need(isinstance(did, str) and did.startswith("did:key:z"), "no did")
    number = 0
    for letter in did[9:]:
        need(letter in BASE58, "no did")
        number = number * 58 + BASE58.index(letter)
    need(number < 256**34, "no did")
    data = number.to_bytes(34, "big")
    need(data[:2] == b"\xed\x01" and len(did) == 56, "no did")
    key = data[2:]
    y = int.from_bytes(key, "little") & (2**255 - 1)
    # Canonical, on the curve and of no small order: neither 0, 1, -1 nor one
    # of the two others of order 8.
    need(y < P and y not in (0, 1, P - 1), "no sound key")
    d = -121665 * pow(121666, P - 2, P) % P
    x2 = (y * y - 1) * pow(d * y * y + 1, P - 2, P) % P
    need(pow(x2, (P - 1) // 2, P) == 1, "no sound key")
    need(y not in (
        2707385501144840649318225287225658788936804267575313519463743609750303021332,
        P - 2707385501144840649318225287225658788936804267575313519463743609750303021332)
        , "no sound key")
    return key


def b64(text, size):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("base64") from None
    need(base64.b64encode(data).decode() == text and
         (size is None or len(data) == size), "base64")
    return data


def string(data):
    return len(data).to_bytes(4, "big") + data


def version(text):
    """What a version says, its signature checked."""
    raw = text.encode()
    need("\nVvault-Renews: " not in text, "the version was made anew")
    need(len(raw) <= 65536, "the version is too long")
    found = re.fullmatch(
        r"(tree ([0-9a-f]{40})\n(?:parent [0-9a-f]{40}\n){0,256}"
        r"author ([^<>\n]+) <(z6Mk\w{44})@vvault> (0|[1-9]\d{0,11}) \+0000\n"
        r"committer \3 <\4@vvault> \5 \+0000\n)"
        r"gpgsig -----BEGIN SSH SIGNATURE-----\n((?: [^\n]+\n)+)"
        r" -----END SSH SIGNATURE-----\n(\n([^\n\x00-\x1f\x7f]+)\n\n"
        r"((?:Vvault-[A-Z][a-z]+: [^\n]+\n)+))", text)
    need(found, "no version")
    said, order = {}, -1
    for line in found[9].splitlines():
        name, value = line[7:].split(": ", 1)
        need(name in TRAILERS and TRAILERS.index(name) > order, "trailers")
        order = TRAILERS.index(name)
        said[name] = value
    for name in set(TRAILERS) - {"Members", "Note"}:
        need(name in said, "trailers")
    need(said["Format"] == "1" and said["Device"] == "did:key:" + found[4] and
         said["Change"] in ("add", "compact", "forget"), "trailers")
    need(re.fullmatch(r"sha256:[0-9a-f]{64}", said["Root"]), "root")
    need(("Members" in said) == (said["Construct"] != "vault"), "members")
    public = key_of(said["Device"])
    armor = found[6].replace("\n ", "\n")[1:-1]
    blob = b64(armor.replace("\n", ""), None)
    need(all(len(line) == 70 for line in armor.split("\n")[:-1]) and
         1 <= len(armor.split("\n")[-1]) <= 70, "armor")
    head = (b"SSHSIG\0\0\0\1" +
            string(string(b"ssh-ed25519") + string(public)) +
            string(b"git") + string(b"") + string(b"sha512"))
    need(blob[:-64 - 4] == head + string(string(b"ssh-ed25519") +
                                         string(bytes(64)))[:-64 - 4] and
         blob[-68:-64] == (64).to_bytes(4, "big"), "signature")
    payload = (found[1] + found[7]).encode()
    need(ed25519(public, blob[-64:], b"SSHSIG" + string(b"git") + string(b"") +
                 string(b"sha512") + string(hashlib.sha512(payload).digest())),
         "signature")
    members = said.get("Members", "")
    return {
        "vault": said["Vault"], "construct": said["Construct"],
        "device": said["Device"], "time": int(found[5]),
        "root": bytes.fromhex(said["Root"][7:]), "digest": sha256(raw),
        "members": members.replace("sha256:", "").split(",") if members else [],
        "needed": 3 if said["Construct"] == "vault" or
        said["Change"] == "forget" else 2,
    }


def record(text):
    line = text.encode()
    need(len(line) < 1 << 20, "the record is too long")
    try:
        value = json.loads(text)
    except ValueError:
        raise Refused("the record is none") from None
    need(isinstance(value, dict) and
         list(value) == ["at", "data", "entity", "prev", "type"],
         "the record is none")
    return value, sha256(line)


def level_root(level):
    entries = []
    for name, root in level["folders"].items():
        need(1 <= len(name) <= 26, "a folder's name")
        entries.append((name + "/", 0o40000, name.encode(), b64(root, 32)))
    for digest in level["segments"]:
        name = segment_name(b64(digest, 32))
        entries.append((name, 0o100644, name.encode(), b64(digest, 32)))
    # The page gives segments in the order of their names.
    names = [e[0] for e in entries if e[1] == 0o100644]
    need(names == sorted(names), "order")
    data = b"vvault-root-1\0"
    for _, mode, name, digest in sorted(entries):
        data += mode.to_bytes(4, "big") + bytes([len(name)]) + name + digest
    return sha256(data)


def shown(value):
    """The record that stands in a version, its id and that version."""
    need(set(value) == {"leaf", "path", "record", "rest", "tree", "version"},
         "members")
    said, digest = record(value["record"])
    need(re.fullmatch("[0-9a-f]{32}", value["leaf"]) and
         re.fullmatch("[0-9a-f]{64}", value["rest"]), "hex")
    node = sha256(b"\0" + bytes.fromhex(value["leaf"]) + digest)
    need(len(value["path"]) <= 8, "path")
    for step in value["path"]:
        (side, other), = step.items()
        need(side in ("left", "right"), "path")
        other = b64(other, 32)
        node = sha256(b"\1" + (other + node if side == "left" else
                               node + other))
    node = sha256(('{"leaves":"%s","rest":"%s","vvault":"segment-1"}\n' %
                   (node.hex(), value["rest"])).encode())
    need(2 <= len(value["tree"]) <= 6, "tree")
    for depth, level in enumerate(value["tree"]):
        need(set(level) == {"folders", "segments"}, "level")
        below = level["folders"].values() if depth else level["segments"]
        need(base64.b64encode(node).decode() in below, "tree")
        node = level_root(level)
    signed = version(value["version"])
    need(node == signed["root"], "the version is over another tree")
    return said, digest, signed


def allowed(people, vault, signed):
    signer = people.get(signed["device"])
    need(signed["vault"] == vault, "another vault")
    need(signer and signer["role"] >= signed["needed"], "no right to sign")
    return signer


def proof(text):
    need(len(text.encode()) <= 4 << 20, "too large")
    value = json.loads(text)
    again = json.dumps(value, sort_keys=True, ensure_ascii=False,
                       separators=(",", ":"))
    need(text.rstrip("\n") == again and text.count("\n") <= 1, "form")
    need(set(value) == {"shown", "vault", "vvault"} and
         value["vvault"] == "proof-1" and
         set(value["vault"]) == {"create", "words"}, "form")
    first, digest = record(value["vault"]["create"])
    need(first["type"] == "vault:create", "the first record")
    vault = record_cid(digest)
    people = {did: {"role": 3, "first": True}
              for did in first["data"]["owners"]}
    need(len(value["vault"]["words"]) <= 32, "words")
    for word in value["vault"]["words"]:
        said, _, signed = shown(word)
        need(signed["construct"] == "vault", "a word elsewhere")
        allowed(people, vault, signed)
        data = said["data"]
        need(said["entity"] == "member:" + data["did"][8:], "member")
        key_of(data["did"])
        person = people.get(data["did"])
        need(said["type"] == "member:add" or
             said["type"] == "member:update" and person, "a word")
        need(not (person and person.get("first")), "a word of no use")
        person = people.setdefault(data["did"], {"role": 0})
        if "role" in data:
            person["role"] = ROLES[data["role"]]
        person["version"] = signed["digest"].hex()
    _, digest, signed = shown(value["shown"])
    signer = allowed(people, vault, signed)
    need(signer.get("first") or not signed["members"] or
         signer["version"] in signed["members"], "not known to the version")
    return "holds %s %s %d" % (record_cid(digest), signed["device"],
                               signed["time"])


def verdict(data):
    try:
        return proof(data.decode())
    except Refused as why:
        return "refused %s" % why
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        return "refused malformed: %s" % type(why).__name__


if __name__ == "__main__":
    if sys.argv[1:] == ["--each"]:
        for text in sys.stdin.buffer:
            print(verdict(text))
    for path in sys.argv[1:] if sys.argv[1:] != ["--each"] else []:
        with open(path, "rb") as file:
            print(verdict(file.read()))
