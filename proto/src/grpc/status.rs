//! Errors as gRPC statuses and back.

use tonic::metadata::MetadataValue;
use tonic::{Code, Status};
use weir_model::{Error, ErrorCode};

/// The header that names an error's code. Its absence means that the status was made on the way, not by a role.
const CODE_HEADER: &str = "weir-error-code";
/// Longer messages are cut: they travel in headers.
const MESSAGE_LIMIT: usize = 128 << 10;

const CODES: [ErrorCode; 15] = [
    ErrorCode::Internal,
    ErrorCode::NotImplemented,
    ErrorCode::Invalid,
    ErrorCode::EmptyValue,
    ErrorCode::UnprocessableEntity,
    ErrorCode::Conflict,
    ErrorCode::NotFound,
    ErrorCode::Unauthorized,
    ErrorCode::Forbidden,
    ErrorCode::Unavailable,
    ErrorCode::TooManyRequests,
    ErrorCode::MethodNotAllowed,
    ErrorCode::RequestTooLarge,
    ErrorCode::Timeout,
    ErrorCode::Canceled,
];

/// An error as a status: the nearest code of gRPC, the message, and the exact code in a header.
pub fn status_of(error: &Error) -> Status {
    let code = match error.code {
        ErrorCode::Internal => Code::Internal,
        ErrorCode::NotImplemented | ErrorCode::MethodNotAllowed => Code::Unimplemented,
        ErrorCode::Invalid | ErrorCode::EmptyValue => Code::InvalidArgument,
        ErrorCode::UnprocessableEntity => Code::FailedPrecondition,
        ErrorCode::Conflict => Code::AlreadyExists,
        ErrorCode::NotFound => Code::NotFound,
        ErrorCode::Unauthorized => Code::Unauthenticated,
        ErrorCode::Forbidden => Code::PermissionDenied,
        ErrorCode::Unavailable => Code::Unavailable,
        ErrorCode::TooManyRequests | ErrorCode::RequestTooLarge => Code::ResourceExhausted,
        ErrorCode::Timeout => Code::DeadlineExceeded,
        ErrorCode::Canceled => Code::Cancelled,
    };
    let end = error.message.floor_char_boundary(MESSAGE_LIMIT);
    let mut status = Status::new(code, &error.message[..end]);
    status.metadata_mut().insert(CODE_HEADER, MetadataValue::from_static(error.code.as_str()));
    status
}

/// A status as an error. What the transport itself reports (no connection, a peer that died, a deadline) is
/// `Unavailable`: the request may be tried again.
pub fn error_of(status: Status) -> Error {
    let known = status.metadata().get(CODE_HEADER).and_then(|value| value.to_str().ok());
    if let Some(code) = known.and_then(|text| CODES.into_iter().find(|code| code.as_str() == text)) {
        return Error::new(code, status.message());
    }
    tracing::warn!(code = ?status.code(), message = status.message(), "a call to another role failed");
    match status.code() {
        Code::OutOfRange | Code::ResourceExhausted => Error::new(
            ErrorCode::RequestTooLarge,
            "the request is larger than may be passed on inside the server",
        ),
        Code::Unavailable
        | Code::Unknown
        | Code::Aborted
        | Code::Cancelled
        | Code::DeadlineExceeded
        | Code::Internal => Error::unavailable("a part of the server cannot be reached, try again"),
        _ => Error::internal("An internal error has occurred - check server logs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_message_comes_back() {
        for code in CODES {
            let error = Error::new(code, "zwölf \"lines\"\nof 100% text");
            assert_eq!(error_of(status_of(&error)), error);
        }
    }

    #[test]
    fn a_broken_connection_is_unavailable() {
        assert_eq!(error_of(Status::unknown("h2 error")).code, ErrorCode::Unavailable);
        assert_eq!(error_of(Status::unimplemented("no such method")).code, ErrorCode::Internal);
    }
}
