/** What is unusual about a recording, a sentence for each of its marks. */
export const flagWords = {
  zh: {
    no_list: '该文件没有交存单。',
    not_on_list: '该文件不在采集站的交存单上。',
    no_dock_digest: '采集站没有给出该文件的校验值。',
    empty: '该文件是空文件。',
    name_not_parsed: '无法从文件名识别设备、人员和时间。',
    name_contradicts: '文件名中的设备序号或执法人员编号与交存设备或其保管人不符。',
    no_such_time: '设备或文件名给出的时间在日历上不存在，已按原样保存。',
    clock_implausible: '设备时钟不可信：所示时间早于设备登记、晚于交存，或是时钟复位后的日期。',
    times_differ: '文件名、文件自带时间和设备时间相差超过 2 分钟。',
    device_stated: '存储介质未自报所属设备，由现场人员在采集站指认。',
    not_enforcement_device: '非执法专用设备拍摄。',
    recompressed_likely: '可能经聊天软件转发压缩，可能不是拍摄设备的原始文件。',
    self_test: '采集站自检文件，不是执法资料。',
  },
  en: {
    no_list: 'The file came without a hand-in list.',
    not_on_list: "The file is not on the dock's hand-in list.",
    no_dock_digest: 'The dock gave no digest of the file.',
    empty: 'The file is empty.',
    name_not_parsed: 'The file name does not say in a known form which device, officer and time it belongs to.',
    name_contradicts:
      'The serial or officer number in the name is not that of the device that handed it in or of its holder.',
    no_such_time: 'The device or the name gives a time that does not exist; it is kept as it was given.',
    clock_implausible:
      "The device's clock cannot be relied on: its time is before the device was registered, after the hand-in, or of a day on which clocks start when they are reset.",
    times_differ: "The name, the file's own clock and the device's time are more than 2 minutes apart.",
    device_stated: 'The volume did not say whose it is; somebody at the dock did.',
    not_enforcement_device: "Made with a device that is none of the bureau's.",
    recompressed_likely: 'Probably compressed again by a chat program: it may not be the file that the device made.',
    self_test: "A station's test of itself, not footage.",
  },
}
