// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_settings.h"

#include <QSettings>
#include <QStandardPaths>

namespace timestep {

namespace {

QVariant desktopSetting(const QString& file, const QString& key)
{
    const QString path = QStandardPaths::locate(QStandardPaths::GenericConfigLocation, file);
    return path.isEmpty() ? QVariant() : QSettings(path, QSettings::IniFormat).value(key);
}

} // namespace

bool systemReducesMotion()
{
    const QVariant kde = desktopSetting(
        QStringLiteral("kdeglobals"), QStringLiteral("KDE/AnimationDurationFactor"));
    if (kde.isValid() && kde.toDouble() == 0)
        return true;
    const QVariant gtk = desktopSetting(
        QStringLiteral("gtk-3.0/settings.ini"), QStringLiteral("Settings/gtk-enable-animations"));
    return gtk.isValid() && !gtk.toBool();
}

} // namespace timestep
