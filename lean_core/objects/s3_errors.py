"""What the errors of an S3 server and of its client mean, and what to do about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lean_core.errors import (
    CertificateRefused,
    CredentialsMissing,
    CredentialsRefused,
    LeanError,
    ObjectsError,
    ObjectsForbidden,
    ObjectsMissing,
    ObjectsUnreachable,
    RootMissing,
)
from lean_core.objects.s3_place import S3Place

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_Meaning = tuple[type[LeanError], str]

_SET_KEYS = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_CHECK_SERVER = "check the endpoint, the network, and whether the server runs"
_LOG_IN = "get new ones, for example with `aws sso login`"
_UNREACHABLE: _Meaning = (ObjectsUnreachable, f"{{server}} can't be reached for {{uri}}: {_CHECK_SERVER}")
_SILENT: _Meaning = (ObjectsUnreachable, f"{{server}} did not answer in time for {{uri}}: {_CHECK_SERVER}")
_NOT_HAD: _Meaning = (
    CredentialsMissing,
    f"the AWS credentials for {{uri}} can't be had from where they are: {_SET_KEYS}",
)
_FILES: _Meaning = (CredentialsMissing, "~/.aws/config or ~/.aws/credentials has a mistake: correct the file")

# By the name of the class, or of one that it inherits from: botocore is not imported to read this table.
_OF_CLIENT: dict[str, _Meaning] = {
    "NoCredentialsError": (CredentialsMissing, f"no AWS credentials were found for {{uri}}: {_SET_KEYS}"),
    "PartialCredentialsError": (CredentialsMissing, f"the AWS credentials for {{uri}} are incomplete: {_SET_KEYS}"),
    "ProfileNotFound": (
        CredentialsMissing,
        "the profile that AWS_PROFILE names is not in ~/.aws: correct it, or add it",
    ),
    "ConfigParseError": _FILES,
    "ConfigNotFound": _FILES,
    "InvalidConfigError": _FILES,
    "UnknownCredentialError": _FILES,
    "SSOError": (CredentialsRefused, f"the single sign-on for {{uri}} has expired: {_LOG_IN}"),
    "TokenRetrievalError": (CredentialsRefused, f"the single sign-on for {{uri}} has expired: {_LOG_IN}"),
    "CredentialRetrievalError": _NOT_HAD,
    "RefreshWithMFAUnsupportedError": _NOT_HAD,
    "MetadataRetrievalError": _NOT_HAD,
    "InvalidRegionError": (ObjectsError, "`region` is not the name of a region: write one such as eu-central-1"),
    "ConnectTimeoutError": _SILENT,
    "ReadTimeoutError": _SILENT,
    "HTTPClientError": _UNREACHABLE,
    "ConnectionError": _UNREACHABLE,
    "IncompleteReadError": (ObjectsUnreachable, "{server} broke off in the middle of {where}: try again"),
    "OSError": _UNREACHABLE,
}
_REFUSED = "{server} refuses the credentials for {uri}, since"
_OF_SERVER: dict[str, _Meaning] = {
    "InvalidAccessKeyId": (
        CredentialsRefused,
        f"{_REFUSED} it does not know the access key: correct AWS_ACCESS_KEY_ID, or the profile in use",
    ),
    "SignatureDoesNotMatch": (
        CredentialsRefused,
        f"{_REFUSED} the secret key does not belong to the access key: correct AWS_SECRET_ACCESS_KEY, or the profile",
    ),
    "ExpiredToken": (CredentialsRefused, f"{_REFUSED} they have expired: {_LOG_IN}"),
    "TokenRefreshRequired": (CredentialsRefused, f"{_REFUSED} they have expired: {_LOG_IN}"),
    "InvalidToken": (CredentialsRefused, f"{_REFUSED} the session token is not valid: get new ones"),
    "RequestTimeTooSkewed": (
        CredentialsRefused,
        f"{_REFUSED} this machine's clock differs from the server's: set the clock right",
    ),
    "NoSuchBucket": (RootMissing, "there is no bucket {bucket} on {server}: make it, or correct the uri"),
    "InvalidObjectState": (ObjectsError, "{where} was archived: restore it in the bucket's console"),
}
_OTHER_REGION: _Meaning = (
    ObjectsError,
    "the bucket {bucket} is in another region: set `region` to the one that it is in",
)
_OF_SERVER |= dict.fromkeys(
    ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"), _OTHER_REGION
)
_RIGHTS = {"HeadObject": "s3:GetObject", "GetObject": "s3:GetObject", "ListObjectsV2": "s3:ListBucket"}
_FORBIDDEN = 403
_SERVER_FAILED = 500


def missing(place: S3Place, key: str) -> ObjectsMissing:
    """Return the error for an object that is not there."""
    return ObjectsMissing(f"there is no object {place.shown(key)}: it was moved or deleted, or never written")


def code_of(error: ClientError) -> str:
    """Return the code by which a server names its error; of an answer without a body, its HTTP status."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    """Return the HTTP status of a server's error."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def explain(error: Exception, place: S3Place, key: str = "") -> LeanError:
    """Return the error that a person may see, for one of botocore's at a key or prefix.

    Nothing that a server wrote gets into it but its short code.
    """
    from botocore.exceptions import ClientError

    if isinstance(error, ClientError) and code_of(error) == "NoSuchKey":
        return missing(place, key)
    kind, sentence = _of_answer(error) if isinstance(error, ClientError) else _of_client(error)
    return kind(sentence.format(server=place.server, bucket=place.bucket, uri=place.uri, where=place.shown(key)))


def _of_answer(error: ClientError) -> _Meaning:
    code, status = code_of(error), status_of(error)
    if code in _OF_SERVER:
        return _OF_SERVER[code]
    if status == _FORBIDDEN:
        right = _RIGHTS.get(error.operation_name, "s3:PutObject")
        return ObjectsForbidden, f"{{server}} forbids {{where}} to these credentials: ask for {right} there"
    named = re.sub(r"[^A-Za-z0-9.]", "", code)[:60]
    shown = f"{status} {named}" if named not in {str(status), ""} else str(status)
    # botocore makes a 500 of an answer with 200 that it can't read.
    if status <= _SERVER_FAILED and "html" in _content_type(error):
        return ObjectsError, "{server} answers with a web page: check that the endpoint is an S3 server"
    if status >= _SERVER_FAILED:
        return ObjectsUnreachable, f"{{server}} failed at {{where}} ({shown}): try again later"
    return ObjectsError, f"{{server}} refused {{where}} ({shown}): check the endpoint and the bucket's settings"


def _content_type(error: ClientError) -> str:
    return str(error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("content-type", ""))


def _of_client(error: Exception) -> _Meaning:
    text = str(error)
    names = [each.__name__ for each in type(error).__mro__]
    if "SSLError" in names:
        return _of_tls(text)
    for name in names:
        if name in _OF_CLIENT:
            return _OF_CLIENT[name]
    return (
        ObjectsError,
        f"{{server}} can't be used for {{where}} ({names[0]}): check that the endpoint is an S3 server",
    )


def _of_tls(text: str) -> _Meaning:
    if "No such file" in text or "NO_CERTIFICATE" in text:
        return CertificateRefused, "AWS_CA_BUNDLE does not name a file of certificates: correct it, or unset it"
    if "doesn't match" in text:
        return CertificateRefused, "the TLS certificate of {server} is for another host: correct the endpoint"
    if "CERTIFICATE_VERIFY_FAILED" not in text:
        return ObjectsUnreachable, "{server} does not speak TLS as it should: check the port, or use http://"
    why = re.search(r"verify failed: ([A-Za-z0-9 ,.'-]{1,120})", text)
    reason = f" ({why[1].strip()})" if why else ""
    return (
        CertificateRefused,
        f"the TLS certificate of {{server}} is not trusted{reason}: name its authority's file in AWS_CA_BUNDLE",
    )
