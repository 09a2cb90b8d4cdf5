//! Loops over pixels in the widest registers that the processor has.

/// A function that is compiled once more for wider registers, and chosen when it is called. Mark what it calls for
/// every pixel `#[inline]`, what has a loop of its own `#[inline(always)]`: a call goes back to narrow ones.
///
/// The bits are the same: the compiler neither fuses a multiplication with an addition nor reorders a sum.
macro_rules! wide {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident<$life:lifetime>($($argument:ident: $type:ty),+ $(,)?) $(-> $output:ty)? $body:block) => {
        $(#[$attribute])*
        $visibility fn $name<$life>($($argument: $type),+) $(-> $output)? {
            struct Work<$life> {
                $($argument: $type),+
            }

            impl<$life> pulp::NullaryFnOnce for Work<$life> {
                type Output = wide!(@output $($output)?);

                #[inline(always)]
                fn call(self) -> Self::Output {
                    let Self { $($argument),+ } = self;
                    $body
                }
            }

            pulp::Arch::new().dispatch(Work { $($argument),+ })
        }
    };
    (@output) => { () };
    (@output $output:ty) => { $output };
}

pub(crate) use wide;
