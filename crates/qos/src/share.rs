//! What a flow is to get.

/// A flow's part of what is above it. Floors and limits are those of flows of the top level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    weight: u32,
    floor_ppm: u32,
    limit_ppm: u32,
}

/// Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    #[error("weight {0}; it is 1 to {max}", max = Share::WEIGHT_MAX)]
    Weight(u32),
    #[error("floor {0} ppm; it is at most {max} ppm, all there is", max = Share::PPM)]
    Floor(u32),
    #[error("limit {0} ppm; it is {min} to {max} ppm, all there is", min = Share::LIMIT_PPM_MIN, max = Share::PPM)]
    Limit(u32),
    #[error("floor {floor_ppm} ppm is over limit {limit_ppm} ppm")]
    FloorOverLimit { floor_ppm: u32, limit_ppm: u32 },
}

impl Share {
    /// All there is.
    pub const PPM: u32 = 1_000_000;
    pub const WEIGHT_MAX: u32 = 10_000;
    /// A flow of less would hardly run.
    pub const LIMIT_PPM_MIN: u32 = 1_000;
    pub(crate) const EQUAL_WEIGHT: u32 = 100;
    /// That of sessions and modules, which are all alike.
    pub const EQUAL: Share = Share { weight: Share::EQUAL_WEIGHT, floor_ppm: 0, limit_ppm: Share::PPM };

    /// # Errors
    /// A weight of 0 or more than [`WEIGHT_MAX`](Self::WEIGHT_MAX).
    pub fn new(weight: u32) -> Result<Share, ShareError> {
        if weight == 0 || weight > Share::WEIGHT_MAX {
            return Err(ShareError::Weight(weight));
        }
        Ok(Share { weight, ..Share::EQUAL })
    }

    /// With a part of all there is that it gets in any case, in millionths.
    ///
    /// # Errors
    /// More than all, or more than its limit.
    pub fn with_floor(self, floor_ppm: u32) -> Result<Share, ShareError> {
        if floor_ppm > Share::PPM {
            return Err(ShareError::Floor(floor_ppm));
        }
        Share { floor_ppm, ..self }.check()
    }

    /// With a part of all there is that it gets at most, in millionths, also where nobody else wants the rest.
    ///
    /// # Errors
    /// More than all, next to nothing, or less than its floor.
    pub fn with_limit(self, limit_ppm: u32) -> Result<Share, ShareError> {
        if !(Share::LIMIT_PPM_MIN..=Share::PPM).contains(&limit_ppm) {
            return Err(ShareError::Limit(limit_ppm));
        }
        Share { limit_ppm, ..self }.check()
    }

    pub fn weight(self) -> u32 {
        self.weight
    }

    /// None where it has none.
    pub fn floor_ppm(self) -> Option<u32> {
        (self.floor_ppm > 0).then_some(self.floor_ppm)
    }

    /// None where it has none.
    pub fn limit_ppm(self) -> Option<u32> {
        (self.limit_ppm < Share::PPM).then_some(self.limit_ppm)
    }

    fn check(self) -> Result<Share, ShareError> {
        let Share { floor_ppm, limit_ppm, .. } = self;
        if floor_ppm > limit_ppm {
            return Err(ShareError::FloorOverLimit { floor_ppm, limit_ppm });
        }
        Ok(self)
    }
}

impl Default for Share {
    fn default() -> Share {
        Share::EQUAL
    }
}
