/** The desk for cards and exports. */
export const deskWords = {
  title: '介质导入',
  media: '一、要导入的存储卡或文件夹',
  mediaSays: '插入读卡器，或点选导出的文件夹',
  noMedia: '没有插入存储卡，也没有导出的文件夹',
  kind: { card: '存储卡', cable: '数据线', folder: '文件夹' },
  saysSerial: (serial: string) => `自报 ${serial}`,
  inSlot: (slot: number) => `正在导入，见 ${String(slot).padStart(2, '0')} 号`,
  device: '二、这是谁的设备？',
  deviceSays: '扫设备标签，或点选设备',
  person: '三、由谁取出导入？',
  personSays: '刷工作卡，或点选姓名',
  cardRead: '已读工作卡',
  noPeople: '登记册内没有人员',
  begin: '导入',
  notListed: '不是登记的设备',
  says: '说明之前不读取。导入后原件仍在存储卡内，按规定处理',
}
