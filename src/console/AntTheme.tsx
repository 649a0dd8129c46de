import { ConfigProvider, type ThemeConfig, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';
import { useLanguage } from './language.ts';
import { useMedia } from './use-media.ts';

const shared = { borderRadius: 8, fontFamily: 'var(--font)', fontSize: 14, wireframe: false };

/** White stands on it, so that it must be darker than a link may be. */
const components: NonNullable<ThemeConfig['components']> = {
  Button: { colorPrimary: '#245bdb', colorPrimaryHover: '#2f6bf8', colorPrimaryActive: '#1d4bb8' },
};

/** The same colours as `styles/base.css`. */
const light: ThemeConfig = {
  components: { ...components, Tabs: { itemSelectedColor: '#245bdb', itemHoverColor: '#2f6bf8' } },
  token: {
    ...shared,
    colorPrimary: '#3370ff',
    colorError: '#c9252d',
    colorText: '#1f2329',
    colorBgContainer: '#fff',
    colorTextPlaceholder: '#6b717b',
    colorTextDescription: '#6b717b',
  },
};
const dark: ThemeConfig = {
  components: { ...components, Tabs: { itemSelectedColor: '#8fb2ff', itemHoverColor: '#a9c4ff' } },
  algorithm: theme.darkAlgorithm,
  token: {
    ...shared,
    colorPrimary: '#4c83ff',
    colorError: '#ff7b7d',
    colorText: '#ebecee',
    colorBgContainer: '#1a1b1e',
    colorTextPlaceholder: '#949aa4',
    colorTextDescription: '#949aa4',
    colorBgElevated: '#222327',
    colorBorderSecondary: '#2c2e33',
  },
};

/** Ant Design in our colours. Only pages that use it bring it along: home and signing in come without. */
export function AntTheme({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const isDark = useMedia('(prefers-color-scheme: dark)');
  return (
    <ConfigProvider
      button={{ autoInsertSpace: false }}
      locale={language === 'en' ? enUS : zhCN}
      theme={isDark ? dark : light}
    >
      {children}
    </ConfigProvider>
  );
}
