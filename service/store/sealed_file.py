"""A file that only its passphrase opens: sealed piece by piece, so that none can be changed, moved or cut off unseen.

A line that says what it is, a header as a line of JSON, then pieces: four bytes of length and AES-GCM. A piece's nonce
is its place and whether it is the last, and the header is sealed into each.
"""

from __future__ import annotations

import hmac
import json
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_WHAT_IT_IS: Final = b"dripline export 1\n"
_LONGEST_HEADER: Final = 4096
# Filled to about this much before it is sealed; one row never makes a piece much longer.
_PIECE: Final = 256 * 1024
_LONGEST_PIECE: Final = 64 * 1024 * 1024
# Half a second and 64 MB a guess, whoever guesses.
_SCRYPT_COST: Final = 2**16
_LAST: Final = 0x8000_0000


class UnableToRead(Exception):
    """The file can't be read; the message says why, and what to do."""


def write_sealed(file: BinaryIO, passphrase: str, header: Mapping[str, str], lines: Iterable[bytes]) -> None:
    """Write the header as it is, and the lines (each with its line feed) sealed under the passphrase."""
    salt = os.urandom(16)
    key, check = _keys(passphrase, salt)
    head = json.dumps({**header, "salt": salt.hex(), "check": check.hex()}).encode() + b"\n"
    file.write(_WHAT_IT_IS + head)
    seal = AESGCM(key)
    piece, place = bytearray(), 0
    for line in lines:
        piece += line
        if len(piece) >= _PIECE:
            _write_piece(file, seal, bytes(piece), head, place, is_last=False)
            piece.clear()
            place += 1
    _write_piece(file, seal, bytes(piece), head, place, is_last=True)


def read_header(file: BinaryIO) -> tuple[dict[str, str], bytes]:
    """Return the header, and its bytes as they are sealed into each piece; nothing vouches for it yet.

    Raises:
        UnableToRead: where the file is no export, or one in a form that this version does not know.
    """
    if file.readline(len(_WHAT_IT_IS) + 1) != _WHAT_IT_IS:
        raise UnableToRead("This is not an export of Dripline, or a newer Dripline made it.")
    head = file.readline(_LONGEST_HEADER)
    try:
        header = json.loads(head)
        fields = {str(name): str(value) for name, value in header.items()}
        bytes.fromhex(fields["salt"] + fields["check"])
    except (ValueError, KeyError, AttributeError):
        raise UnableToRead("The file's header is damaged. Copy it again from where it was made.") from None
    return fields, head


def read_sealed(file: BinaryIO, passphrase: str, header: Mapping[str, str], head: bytes) -> Iterator[bytes]:
    """Yield the lines that follow the header; what was yielded counts only once the iteration has ended by itself.

    Raises:
        UnableToRead: where the passphrase is another, or the file was changed or cut off.
    """
    key, check = _keys(passphrase, bytes.fromhex(header["salt"]))
    if not hmac.compare_digest(check, bytes.fromhex(header["check"])):
        raise UnableToRead("The passphrase is not the one that this file was made with.")
    rest = b""
    for piece in _pieces(file, AESGCM(key), head):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        raise UnableToRead("The file's last line is not whole. Make the export again.")


def _pieces(file: BinaryIO, seal: AESGCM, head: bytes) -> Iterator[bytes]:
    place, is_last = 0, False
    while not is_last:
        start = file.read(4)
        if len(start) < 4:
            raise _cut_off()
        (length,) = struct.unpack(">I", start)
        is_last, length = bool(length & _LAST), length & ~_LAST
        if length > _LONGEST_PIECE:
            raise _changed()
        sealed = file.read(length)
        if len(sealed) < length:
            raise _cut_off()
        try:
            yield seal.decrypt(_nonce(place, is_last=is_last), sealed, head)
        except InvalidTag:
            raise _changed() from None
        place += 1
    if file.read(1):
        raise _changed()


def _write_piece(
    file: BinaryIO, seal: AESGCM, piece: bytes, head: bytes, place: int, *, is_last: bool
) -> None:
    sealed = seal.encrypt(_nonce(place, is_last=is_last), piece, head)
    file.write(struct.pack(">I", len(sealed) | (_LAST if is_last else 0)) + sealed)


def _nonce(place: int, *, is_last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([is_last])


def _keys(passphrase: str, salt: bytes) -> tuple[bytes, bytes]:
    """Return the key of the pieces, and the bytes by which a wrong passphrase is known from a damaged file."""
    made = Scrypt(salt=salt, length=64, n=_SCRYPT_COST, r=8, p=1).derive(passphrase.encode())
    return made[:32], made[32:]


def _changed() -> UnableToRead:
    return UnableToRead("The file was changed after it was made. Copy it again from where it was made.")


def _cut_off() -> UnableToRead:
    return UnableToRead("The file ends too early. Copy it again from where it was made.")
