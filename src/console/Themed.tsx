import { lazy } from 'react';

/** Ant Design in our colours; apart, so that the sign-in page comes without it. */
export const Themed = lazy(() => import('./AntTheme.tsx'));
